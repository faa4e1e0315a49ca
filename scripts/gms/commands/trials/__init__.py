"""Commands of the clinical trials wing: matching and cohorts."""
