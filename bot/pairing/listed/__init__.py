"""Rounds from the command line: of a programme, and of a list of people without any database."""
