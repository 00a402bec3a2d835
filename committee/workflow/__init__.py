"""Transitions of the joint committee: one table for each state field."""
