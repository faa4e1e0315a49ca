"""Policies, compiled and applied to annotated records."""
