"""Demo data, made through the operations; the same date gives the same data. All names are invented."""
