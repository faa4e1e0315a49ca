"""Scrubbing: what leaves the centre is written anew from what may leave; nothing is copied that is not known."""
