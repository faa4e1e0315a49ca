"""Tandem repeats whose expansion causes disease, at the loci of a catalogue."""
