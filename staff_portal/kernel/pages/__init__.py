"""Pages made from rows and declarations: step, creation, list, record."""
