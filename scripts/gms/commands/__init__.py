"""The commands of ./gms."""
