"""Classes of variants, one room each."""
