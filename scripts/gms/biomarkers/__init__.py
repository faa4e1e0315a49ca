"""What is measured of a genome beyond single variants: one JSON each, with value, limit, verdict and reason."""
