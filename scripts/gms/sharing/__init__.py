"""Sharing with others: decision, de-identification, package, transfer and audit."""
