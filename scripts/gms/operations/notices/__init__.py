"""Notices of the end of a run, by mail or to a web address: nothing in them names a case, a sample or a path."""
