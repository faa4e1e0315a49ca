"""Reference files: fetched, locked by their digests, and prepared as the workflow reads them."""
