"""The folder that is handed over to public health, and what is kept back from it."""
