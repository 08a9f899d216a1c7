"""The oracle: files of histories, their records, and what the comparison sees."""
