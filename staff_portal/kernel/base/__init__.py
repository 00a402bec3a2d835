"""What needs neither records nor people: refusals, periods, roles, signatures, triggers of the database."""
