"""Answers to ./gms why."""
