"""The case report: one HTML file that works offline and prints."""
