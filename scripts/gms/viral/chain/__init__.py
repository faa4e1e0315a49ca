"""From reads to variants and consensus, by one rule of depth."""
