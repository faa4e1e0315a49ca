"""Files of finished cases that Scout and Gens load."""
