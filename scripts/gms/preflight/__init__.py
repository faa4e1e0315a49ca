"""Checks of all inputs before anything runs."""
