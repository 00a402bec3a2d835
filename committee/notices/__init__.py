"""Who hears of what in the committee."""
