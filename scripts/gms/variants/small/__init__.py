"""SNVs and short indels: calling, evidence and merging."""
