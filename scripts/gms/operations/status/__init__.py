"""How far the cases of a results folder are."""
