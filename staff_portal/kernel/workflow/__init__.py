"""Every write is a row: tables, the one door that takes their rows, and the work items that follow."""
