"""Cases of a results folder with newer knowledge, policies or panels, next to what was signed out."""
