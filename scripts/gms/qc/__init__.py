"""Quality of one sample and of one case: from alignment to metrics."""
