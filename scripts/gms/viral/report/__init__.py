"""The page of a plate and those of its samples."""
