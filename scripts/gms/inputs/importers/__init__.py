"""Sample sheets of other pipelines, turned into our own: hydra-genetics, nf-core/sarek, nf-core/raredisease.

Columns and values as the pipelines document them: hydra-genetics.readthedocs.io (samples.tsv, units.tsv),
nf-co.re/sarek/usage and nf-co.re/raredisease/usage (--input). What a sheet does not say is asked for by an option or is
listed, never guessed silently.
"""
