"""The roof: home, search and what they show of all apps."""
