"""What fixtures are made of: servers and databases of the test run, processes, the browser."""
