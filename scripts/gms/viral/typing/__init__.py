"""Lineages: from results of pangolin and Nextclade, and by the list of mutations of a centre."""
