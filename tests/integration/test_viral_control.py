"""The real reads of a reference material: 4 of 4 variants, nothing false, no wrong base in the consensus."""

import gzip
from pathlib import Path

import pytest

from gms.base.project import PROJECT
from gms.viral.chain.reference import write_reference
from made_up_virus import chain

DATA = Path(PROJECT).parent / "shared" / "data" / "sarscov2-twist-mt007544"


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/sarscov2-twist-mt007544")
def test_variants_and_consensus_of_the_twist_control(tmp_path):
    own = PROJECT / "resources" / "viruses" / "sarscov2"
    write_reference(own / "genome.fa", own / "genes.gff3", {"artic_v3": own / "artic_v3.bed"}, [], tmp_path)
    fastqs = [DATA / f"reads_R{mate}.fastq.gz" for mate in (1, 2)]
    record, sequence, lines = chain(tmp_path, tmp_path, fastqs, "T1", "artic_v3", ["artic_v3"])
    with gzip.open(DATA / "truth.vcf.gz", "rt") as lines_of_truth:
        truth = lines_of_truth.read().splitlines()
    expected = {tuple(line.split("\t")[i] for i in (1, 3, 4)) for line in truth if not line.startswith("#")}
    assert {(f[1], f[3], f[4]) for f in lines if f[6] in ("PASS", "LOW_DEPTH")} == expected and len(expected) == 4
    assert next(f[6] for f in lines if f[1] == "29749") == "LOW_DEPTH"  # 9 reads: N in the consensus, by the same rule
    # The deletion is masked, so the consensus has the coordinates of the reference.
    genome = list("".join((DATA / "reference.fa").read_text().split("\n")[1:]))
    for pos, ref, alt in expected:
        genome[int(pos) - 1] = alt if len(ref) == 1 else ref[0]
    compared = [(one, other) for one, other in zip(sequence, genome, strict=True) if one != "N"]
    assert len(compared) > 27_600 and all(one == other for one, other in compared)
    assert record["metrics"]["scheme_fits"] is True
    assert record["second_bases_excess"] is False  # errors of amplification of few molecules
