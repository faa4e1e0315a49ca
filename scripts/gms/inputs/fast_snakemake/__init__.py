"""What Snakemake is spared in plans of thousands of cases and at the start of jobs."""
