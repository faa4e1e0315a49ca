"""What jobs ask for and use."""
