"""See the modules: one for each part of the app."""
