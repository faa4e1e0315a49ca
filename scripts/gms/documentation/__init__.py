"""Documentation pages that are made from schemas, assays, policies and tables, so that they cannot differ from them."""
