"""What has happened to a position, and is reported: events, results, mirrors that part."""
