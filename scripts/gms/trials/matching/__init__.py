"""Three-valued matching of cases and trials: eligible, not eligible, or unknown with what is missing."""
