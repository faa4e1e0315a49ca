"""The genes that an allele touches, the one that is shown, and the transcript of each."""

from urllib.parse import unquote

import pysam
import pytest

from gms.annotation.changes import Sequence
from gms.annotation.consequences import effects_on_genes, escape
from gms.annotation.facts import Facts, load_facts
from gms.annotation.transcripts import Transcript, Transcripts, to_line
from gms.genome.alleles import Allele

# A gene of one exon, ATG GCA CAG TAA from base 101 (1-based), is laid over what the others are.
GENOME = "ACGT" * 25 + "ATGGCACAGTAA" + "GATC" * 2_000
NONSENSE = Allele(106, "C", "T")
FACTS = Facts(frozenset(["RNU4ATAC"]))


def transcript(name: str, gene: str, exons, cds=None, **more) -> Transcript:
    facts = {"chrom": "1", "forward": True, "biotype": "protein_coding" if cds else "lncRNA", "rank": 2}
    facts |= {"partial": False, "refseq": "", "phase": 0, "gene_id": f"ENSG_{gene}"}
    return Transcript(id=name, gene=gene, exons=exons, cds=cds, **{**facts, **more})


CODING = transcript("T1", "CODE", ((90, 130),), (100, 112))
HOST = transcript("T2", "HOST", ((10, 40), (3_000, 3_100)), (20, 3_080), rank=0)
RNA = transcript("T3", "RNU4ATAC", ((80, 140),), biotype="snRNA")
LONG_RNA = transcript("T4", "LINC1", ((70, 150),))
NEXT = transcript("T5", "NEXT", ((4_000, 4_100),), (4_010, 4_070), rank=0)


@pytest.fixture
def effects(tmp_path):
    (tmp_path / "genome.fa").write_text(f">1\n{GENOME}\n>MT\n{GENOME}\n")
    sequence = Sequence(pysam.FastaFile(str(tmp_path / "genome.fa")))

    def ask(*transcripts: Transcript, allele=NONSENSE, chrom="1") -> list[dict[str, str]]:
        ordered = sorted(transcripts, key=lambda t: t.start)
        return effects_on_genes(chrom, allele, Transcripts(map(to_line, ordered)), sequence, FACTS)

    return ask


@pytest.mark.parametrize("value, written", [
    ("p.(Leu4=)", "p.(Leu4%3D)"),
    ("95%;x", "95%25%3Bx"),
    ("a%3Bb", "a%253Bb"),  # the text itself, not a semicolon
])  # fmt: skip
def test_a_value_of_info_is_read_as_it_was(value, written):
    assert escape(value) == written and unquote(written) == value


def test_what_separates_values_is_no_part_of_one():
    assert escape("a b,c|d") == "a_b_c_d"


def genes(found: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(effect["GENE"], effect["CONSEQUENCE"]) for effect in found]


def test_a_stop_in_a_gene_within_an_intron_of_a_mane_gene(effects):
    found = effects(CODING, HOST)
    assert genes(found) == [("CODE", "stop_gained"), ("HOST", "intron_variant")]
    assert (found[0]["HGVSP"], found[0]["EXON"], found[1]["INTRON"]) == ("p.(Gln3*)", "1/1", "1/1")


def test_a_functional_rna_goes_before_introns_and_an_unknown_rna_behind_them(effects):
    found = effects(HOST, RNA, LONG_RNA)
    assert [effect["GENE"] for effect in found] == ["RNU4ATAC", "HOST", "LINC1"]
    assert [effect.get("FUNCTIONAL_RNA") for effect in found] == ["yes", None, None]


def test_a_change_of_a_protein_goes_before_a_functional_rna(effects):
    assert [gene for gene, _ in genes(effects(CODING, RNA))] == ["CODE", "RNU4ATAC"]


def test_a_long_rna_over_a_promoter_leaves_the_gene_behind_in_the_set(effects):
    assert genes(effects(LONG_RNA, NEXT)) == [
        ("LINC1", "non_coding_transcript_exon_variant"),
        ("NEXT", "upstream_gene_variant"),
    ]


def test_a_gene_before_the_allele_is_named_only_where_there_is_no_other(effects):
    before = transcript("T6", "BEFORE", ((10, 60),), (20, 50), rank=0)
    assert genes(effects(before)) == [("BEFORE", "downstream_gene_variant")]
    assert genes(effects(before, CODING)) == [("CODE", "stop_gained")]


def test_within_a_gene_impact_goes_before_mane_and_mane_before_others(effects):
    mane_intron = transcript("T7", "CODE", ((10, 40), (200, 240)), (20, 230), rank=0)
    assert effects(CODING, mane_intron)[0]["TRANSCRIPT"] == "T1"
    mane = CODING._replace(id="T8", rank=0, refseq="NM_1.1")
    (found,) = effects(CODING, mane)
    assert (found["TRANSCRIPT"], found["REFSEQ"]) == ("T8", "NM_1.1")


@pytest.mark.parametrize("more", [{"biotype": "nonsense_mediated_decay"}, {"partial": True}])
def test_broken_transcripts_are_shown_only_where_a_gene_has_no_others(effects, more):
    broken = CODING._replace(id="T9", rank=3, **more)
    mane = transcript("T7", "CODE", ((10, 40), (200, 240)), (20, 230), rank=0)
    assert genes(effects(broken, mane)) == [("CODE", "intron_variant")]
    assert genes(effects(broken)) == [("CODE", "stop_gained")]


@pytest.mark.parametrize("biotype", ["Mt_tRNA", "Mt_rRNA"])
def test_rna_of_the_mitochondrion_is_functional(effects, biotype):
    (found,) = effects(transcript("T1", "MT-X", ((90, 130),), biotype=biotype, chrom="MT"), chrom="MT")
    assert (found["FUNCTIONAL_RNA"], found["HGVSC"]) == ("yes", "n.17C>T")


def test_no_transcript_no_effects(effects):
    assert effects(CODING, allele=Allele(7_000, GENOME[7_000], "N")) == []


def test_facts_have_a_source_each_and_name_chromosomes_by_their_length():
    facts = load_facts({"chr7": 159_345_973, "7": 159_138_663, "chr7_alt": 5})
    assert facts.accessions == {"chr7": "NC_000007.14", "7": "NC_000007.13"}
    assert {"RNU4-2", "RNU2-2", "RNU2-2P", "TERC", "MT-TL1"} <= facts.functional_rna < facts.lost_rna
    assert {"SNORD116-1"} <= facts.lost_rna - facts.functional_rna  # one of many copies in a row
    assert facts.exempt([{"GENE": "HFE", "HGVSC": "c.845G>A"}])
    assert facts.exempt([{"GENE": "BTD", "HGVSC": "c.1270G>C"}])  # D444H, 60 bases on in NM_000060
    assert not facts.exempt([{"GENE": "HFE", "HGVSC": "c.845G>C"}, {"GENE": "RBM8A"}])
