"""gms why: what happened to one variant, position or gene of a case."""

import argparse
from pathlib import Path

from gms.explain.variant import explain
from gms.inputs.load_run import read_run
from gms.viral.explain.position import explain_position


def main(argv: list[str]) -> int:
    """Say on one screen what happened to one variant, position or gene of a case, and why: who called it with which
    counts, each filter with the value it saw, rescues, the outcome; where nobody called it, what the reads show. For a
    viral case: why a position of its consensus is what it is."""
    parser = argparse.ArgumentParser(prog="gms why", description=main.__doc__)
    parser.add_argument("--configfile", "-C", type=Path, required=True, help="the run's config file")
    parser.add_argument("--case", required=True, help="a case of its sample sheet")
    parser.add_argument(
        "--variant",
        required=True,
        help="CHROM:POS:REF:ALT, CHROM-POS-REF-ALT, CHROM:POS, an HGVS name (GENE or transcript with c.X or p.X,"
        " contig or accession with g.X), an rs number or a gene; of other classes also CHROM:POS:REF:<DEL>, a breakend,"
        " the ID of a record, the locus of a repeat or a fusion (GENE::GENE); SMN1 or SMN2 for their copies; UPD, ROH,"
        " a chromosome or CHROM:START-END for uniparental disomy and runs of homozygosity",
    )
    options = parser.parse_args(argv)
    run = read_run(options.configfile)
    of_virus = options.case in {sample.case for sample in run.viral_samples.values()}
    answer = explain_position if of_virus else explain
    print("\n".join(answer(run, options.case, options.variant or "")))  # argparse takes '--' for nothing
    return 0
