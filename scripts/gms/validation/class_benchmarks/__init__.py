"""Accuracy of classes of variants on simulated reads with known truth."""
