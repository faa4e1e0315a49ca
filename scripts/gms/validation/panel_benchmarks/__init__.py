"""Benchmarks of cancer panels, run by `./gms benchmark`."""
