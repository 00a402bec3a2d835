"""Lists and records of the committee, declared."""
