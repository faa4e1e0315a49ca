"""The files that a run reads: whether they are there and are what they should be."""

from gms.model import Run


def check_inputs(run: Run) -> None:
    """Raise `Problems` with everything that is wrong with the FASTQ, reference and target files."""
