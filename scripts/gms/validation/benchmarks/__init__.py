"""What ./gms benchmark measures: accuracy, speed, the cost of a plan."""
