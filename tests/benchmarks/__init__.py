"""Benchmarks that start servers, schedulers or faults: ./gms benchmark faults, usage, encrypt, upload, filter."""
