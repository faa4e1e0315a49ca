"""Withdrawal and retention: removal of packages, and its record."""
