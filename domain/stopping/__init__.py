"""What people stop and let go on: pauses, halts and resumes, and where they are on record."""
