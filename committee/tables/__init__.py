"""Columns of the committee's lists."""
