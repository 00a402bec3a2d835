"""Who may do and see what: roles in force, delegated powers, permissions."""
