"""Commands about finished results: pages of all cases and of many runs, reanalysis."""
