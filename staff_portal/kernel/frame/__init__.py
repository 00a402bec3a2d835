"""What every page carries: navigation, search, bell, and what apps put there."""
