"""Two-stage designs (Simon 1989): operating characteristics, search, estimates. Exact binomial sums, no data."""
