"""Why a position of a consensus is what it is."""
