"""Ring trials, benchmarks and synthetic data."""
