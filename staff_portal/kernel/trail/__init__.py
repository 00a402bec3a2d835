"""What happened: events, audit entries, the chained ledger, and how people read them."""
