"""Commands that write a sample sheet."""
