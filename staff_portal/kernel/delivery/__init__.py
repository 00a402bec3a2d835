"""How news reaches people: notices, the outbox, mail and text messages."""
