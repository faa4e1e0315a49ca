"""What finds errors of the laboratory: schemes, lost amplicons, mixtures, controls."""
