"""Pages of the registry that are declared."""
