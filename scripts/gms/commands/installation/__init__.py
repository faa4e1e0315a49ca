"""Commands about the software: setup, doctor, bundle. Standard library only until the software is there."""
