"""Installation of the software, and bundles for sites without a network."""
