"""What every room stands on: errors, problems, schemas, digests, tables."""
