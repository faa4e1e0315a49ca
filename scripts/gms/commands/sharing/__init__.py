"""The commands of ./gms export and ./gms verify."""
