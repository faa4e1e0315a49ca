"""Running the workflow on a site."""
