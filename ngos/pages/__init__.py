"""Lists and records of the registry and of grading, declared."""
