"""The audit log of the export, what can be asked of it, withdrawal and the end of retention."""
