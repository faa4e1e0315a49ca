"""The miniature data set: a synthetic genome, reference files, eight synthetic cases and the truth about them.

Nothing here is real data. Gene symbols, residue numbers and hotspot codons are the real ones, so that consequences
read as a clinician expects; everything else, including all other residues and every person, is invented.
"""
