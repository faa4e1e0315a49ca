"""The simulated tumour of the time of a panel: its files fit together, and reads show what was planted."""

import gzip
import random

from gms.annotation.changes import reverse_complement
from gms.validation.panel_benchmarks.speed_set import (
    AMPLIFIED,
    FLANK,
    OF_A_GENE,
    Target,
    caught,
    gene_lines,
    places,
    write_reads,
)

CONTIGS = {name: "".join(random.Random(name).choices("ACGT", k=60_000)) for name in ("chr1", "chr2")}
TARGETS = list(places(CONTIGS, 2 * OF_A_GENE))


def test_genes_have_as_many_targets_each_on_one_contig():
    genes = {one.gene: [other for other in TARGETS if other.gene == one.gene] for one in TARGETS}

    assert genes and all(len(own) == OF_A_GENE and len({one.contig for one in own}) == 1 for own in genes.values())
    coding = [line.split("\t") for line in gene_lines(TARGETS) if "\tCDS\t" in line]
    assert len(coding) == len(TARGETS) and all((int(line[4]) - int(line[3]) + 1) % 3 == 0 for line in coding)


def test_fragments_overlap_their_target_and_some_have_its_variant():
    target = Target("chr1", 5_000, 5_251, 2)

    found = list(caught(CONTIGS, 0, target, 500, random.Random(1)))

    text = CONTIGS["chr1"][target.start - FLANK : target.end + FLANK]
    middle = len(text) // 2
    deleted = text[middle - 12 : middle] + text[middle + 3 : middle + 15]
    assert 0.005 < sum(deleted in one for one in found) / len(found) < 0.05  # 5 % of those over the middle
    amplified = list(caught(CONTIGS, 1, target._replace(gene=1), 500, random.Random(1)))
    assert abs(len(amplified) - AMPLIFIED * len(found)) <= AMPLIFIED


def test_reads_are_pairs_and_a_fifth_are_duplicates(tmp_path):
    write_reads(tmp_path, CONTIGS, TARGETS[:2], 100, random.Random(1))

    mates = []
    for number in (1, 2):
        with gzip.open(tmp_path / f"reads_R{number}.fastq.gz", "rt") as lines:
            mates.append(lines.read().split("\n")[:-1])
    assert mates[0][::4] == mates[1][::4] and len(set(mates[0][::4])) == len(mates[0]) // 4
    ends = {tuple(sorted((one[:20], two[:20]))) for one, two in zip(mates[0][1::4], mates[1][1::4], strict=True)}
    assert 0.7 < len(ends) / (len(mates[0]) // 4) < 0.95
    whole = CONTIGS["chr1"]
    assert sum(one in whole or reverse_complement(one) in whole for one in mates[0][1::4]) > len(mates[0]) // 20
