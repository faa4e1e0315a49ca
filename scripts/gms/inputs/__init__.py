"""From the config and the sample sheet to the checked run."""
