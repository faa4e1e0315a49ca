"""Benchmarks that start servers, schedulers or faults of the tests: ./gms benchmark faults, usage, encrypt, upload ..."""
