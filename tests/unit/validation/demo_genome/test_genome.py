"""The synthetic genome: gene models that a clinician can believe."""

import pytest

from demo_world import world
from gms.biomarkers.smn_reads import known_sites
from gms.homozygosity.runs import MAX_GAP
from gms.validation.demo_genome import smn
from gms.validation.demo_genome.catalogue import CONTIGS, GENES
from gms.validation.demo_genome.islands import ISLANDS
from gms.validation.demo_genome.sequence import left_align, reverse_complement, translate
from gms.validation.demo_genome.transcripts import gff_lines

GENOME = world().genome
HOTSPOTS = {
    "ABCA4": "R212 L541", "ASXL1": "G646", "BRAF": "V600", "BRCA1": "E23 C61", "CALR": "K385", "CFTR": "F508",
    "DNMT3A": "R882", "EGFR": "E746 A750 T790 L858", "FLT3": "Y591 D835", "IDH1": "R132", "IDH2": "R140 R172",
    "JAK2": "V617", "KRAS": "G12 G13 Q61", "MECP2": "A140", "NPM1": "W288", "NRAS": "G12 G13 Q61", "PAH": "R408",
    "PIK3CA": "E542 E545 H1047", "SF3B1": "K700", "TP53": "R175 R213 R248 R273 R282",
}  # fmt: skip


@pytest.fixture(params=sorted(GENOME.transcripts))
def transcript(request):
    return GENOME.transcripts[request.param]


def bases(transcript, start, end):
    return transcript.on_strand(GENOME.sequences[transcript.chrom][start:end])


def test_each_chromosome_has_its_length():
    assert {chrom: len(sequence) for chrom, sequence in GENOME.sequences.items()} == CONTIGS


def test_protein_starts_with_methionine_and_stops_only_at_its_end(transcript):
    protein = translate(transcript.coding_sequence(GENOME.sequences[transcript.chrom]))
    assert protein[0] == "M"
    assert protein.find("*") == len(protein) - 1
    assert len(protein) == next(gene.codons for gene in GENES if gene.symbol == transcript.symbol)


@pytest.mark.parametrize("symbol", sorted(HOTSPOTS))
def test_residues_of_interest_have_their_real_numbers(symbol):
    transcript = GENOME.transcripts[symbol]
    protein = translate(transcript.coding_sequence(GENOME.sequences[transcript.chrom]))
    for residue in HOTSPOTS[symbol].split():
        assert protein[int(residue[1:]) - 1] == residue[0], residue


def test_introns_begin_with_gt_and_end_with_ag(transcript):
    for (_, end), (start, _) in zip(transcript.exons, transcript.exons[1:], strict=False):
        assert bases(transcript, end, start)[:2] == "GT"
        assert bases(transcript, end, start)[-2:] == "AG"


def test_phase_of_each_cds_continues_the_one_before(transcript):
    lines = [line.split("\t") for _, _, line in sorted(gff_lines(transcript)) if line.split("\t")[2] == "CDS"]
    done = 0
    for fields in lines if transcript.strand == "+" else lines[::-1]:
        assert int(fields[7]) == -done % 3
        done += int(fields[4]) - int(fields[3]) + 1


def test_genes_do_not_touch():
    spans = sorted((t.chrom, t.start, t.end) for t in GENOME.transcripts.values())
    for one, other in zip(spans, spans[1:], strict=False):
        assert one[0] != other[0] or one[2] + 500 < other[1]


def test_duplicated_block_is_nearly_the_same_twice():
    own = (one for one in GENOME.mask if one[0] == "chr7" and one[3] == "segmental_duplication")
    copies = [GENOME.sequences[c][s:e] for c, s, e, _ in own]
    same = sum(a == b for a, b in zip(*copies, strict=True)) / len(copies[0])
    assert 0.97 < same < 0.995


def test_smn1_and_smn2_differ_at_their_sites_alone(tmp_path):
    """Chen et al. 2020: sixteen sites, 4,360 bases from the first to the last; half of that here."""
    one, two = (GENOME.sequences[smn.CONTIG][start : start + smn.SIZE] for start in (smn.ONE, smn.TWO))
    assert [at for at in range(smn.SIZE) if one[at] != two[at]] == smn._OFFSETS
    (tmp_path / "smn.tsv").write_text(smn.table())
    sites = known_sites(tmp_path / "smn.tsv")
    assert len(sites) == 16 and sites[-1].smn1 - sites[0].smn1 == (70_952_674 - 70_948_315) // 2
    sequence = GENOME.sequences[smn.CONTIG]
    assert all((sequence[s.smn1 - 1], sequence[s.smn2 - 1]) == (s.base1, s.base2) for s in sites)


@pytest.mark.parametrize("chrom", ISLANDS)
def test_islands_are_known_and_all_else_is_not(chrom):
    sequence, plan = GENOME.sequences[chrom], ISLANDS[chrom]
    assert all("N" not in sequence[start:end] for start, end in plan.intervals)
    assert all(set(sequence[start:end]) == {"N"} for start, end in plan.unknown)
    assert max(end - start for start, end in plan.unknown[1:-1]) <= MAX_GAP


def test_left_alignment():
    assert left_align("GGCACACAT", 6, "CA", "") == (1, "GCA", "G")
    assert left_align("GATCTCTGGCAG", 4, "", "TCTG") == (3, "C", "CTCTG")
    assert left_align("ACGT", 1, "CG", "CT") == (2, "G", "T")


def test_reverse_complement():
    assert reverse_complement("AACGN") == "NCGTT"
