"""Forms of the joint committee."""
