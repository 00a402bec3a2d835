"""Filled by the registry part."""
