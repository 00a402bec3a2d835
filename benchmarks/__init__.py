"""Measured figures beside the bounds of the contract: ``make bench``."""
