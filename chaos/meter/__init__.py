"""The meter: how long, and by how much, writes of ours left the cover above or below."""
