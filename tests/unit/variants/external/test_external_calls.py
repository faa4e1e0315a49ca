"""Calls of another workflow: every entry of ALT is taken in the spelling of the house, or counted under a reason."""

import gzip
import re

import pysam
import pytest

from gms.variants.external.genotypes import NoGenotype, OtherReference
from gms.variants.external.source import Source, UnusableCalls, source_of
from gms.variants.external.take import AllelesUnaccounted, Taken

#                 1         11        21        31
SEQUENCES = {"a": "ACGTACGTTTTTACGGACCATCATCATGGACTTGACCA", "b": "GGCATTACGA"}
HEAD = [
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=RefCall,Description="Reference">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=GQ,Number=1,Type=Float,Description="Quality">',
    '##FORMAT=<ID=VAF,Number=A,Type=Float,Description="Fraction">',
    "##contig=<ID=b>",
    "##contig=<ID=a>",
    "##contig=<ID=decoy>",
]


@pytest.fixture(scope="module")
def fasta(tmp_path_factory):
    path = tmp_path_factory.mktemp("genome") / "genome.fa"
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in SEQUENCES.items()))
    pysam.faidx(str(path))
    return path


def vcf(path, *records: str, samples: str = "S"):
    """A plain VCF; records with blanks for tabs: CHROM POS REF ALT FILTER FORMAT sample ..."""
    columns = f"FORMAT {samples}" if samples else ""
    lines = [*HEAD, "\t".join([*["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"], *columns.split()])]
    for record in records:
        chrom, pos, ref, alt, flags, *genotypes = record.split()
        lines.append("\t".join([chrom, pos, ".", ref, alt, "50", flags, ".", *genotypes]))
    path.write_text("\n".join(lines) + "\n")
    return path


def taken(folder, fasta, *sources: Source) -> tuple[list[str], list[dict]]:
    """Records as CHROM:POS:REF:ALT with the sample columns up to GQ, and the reasons why entries were left out."""
    with open(folder / "log", "w") as log:
        calls = Taken(sources, fasta, str(folder), log)
        lines = [line.split("\t") for line in calls.lines() if not line.startswith("#")]
    texts = [" ".join([":".join((f[0], f[1], f[3], f[4])), *(c.strip()[: -len(":.:.")] for c in f[9:])]) for f in lines]
    return texts, [facts["left_out"] for facts in calls.facts()]


def one(tmp_path, fasta, *records: str) -> tuple[list[str], dict]:
    found, left_out = taken(tmp_path, fasta, Source(vcf(tmp_path / "x.vcf", *records), "S", "S"))
    return found, left_out[0]


@pytest.mark.parametrize(("record", "expected"), [
    ("a 16 G T PASS GT:AD:DP:GQ 0|1:9,8:17:40", ["a:16:G:T 0/1:9,8:17:0.4706:40"]),
    ("a 11 TT T . GT 1/1", ["a:7:GT:G 1/1:.:.:.:."]),  # moved to the left of its repeat
    ("a 15 GGA GTA . GT:DP:VAF:GQ 0/1:20:0.4:30.6", ["a:16:G:T 0/1:.:20:0.4000:31"]),  # padded; GQ is no whole number
    ("a 16 GA TC . GT 0/1", ["a:16:GA:TC 0/1:.:.:.:."]),  # on one molecule: stays one allele
    ("a 8 T TT,TTT . GT:AD 1/2:1,5,6", ["a:7:G:GT 0/1:1,5:12:0.4167:.", "a:7:G:GTT 0/1:1,6:12:0.5000:."]),
    ("a 16 G T,<NON_REF> . GT:AD:DP 0/1:5,4,0:9", ["a:16:G:T 0/1:5,4:9:0.4444:."]),
    ("b 3 C T . GT 1", ["b:3:C:T 1/1:.:.:.:."]),  # one copy of a haploid place: the family step writes it as 1
    ("b 3 C T . GT ./1", ["b:3:C:T 0/1:.:.:.:."]),
])  # fmt: skip
def test_an_allele_is_spelled_as_here(record, expected, tmp_path, fasta):
    assert one(tmp_path, fasta, record)[0] == expected


@pytest.mark.parametrize(("record", "reason"), [
    ("a 16 G <NON_REF> . GT 0/0", "no_allele"), ("a 16 G . . GT 0/0", "no_allele"),
    ("a 16 G <*> . GT 0/0", "no_allele"), ("a 16 G G . GT 0/1", "no_allele"), ("a 8 TT TT . GT 0/1", "no_allele"),
    ("a 16 G * . GT 0/1", "deleted_upstream"), ("a 16 G <DEL> . GT 0/1", "structural"),
    ("a 16 G G[b:3[ . GT 0/1", "structural"), ("a 16 G N . GT 0/1", "unknown_base"),
    ("decoy 5 A C . GT 0/1", "other_contig"), ("a 16 G T RefCall GT 0/1", "filtered"),
    ("a 16 G T . GT 0/0", "not_carried"), ("a 16 G T . GT ./.", "not_carried"),
])  # fmt: skip
def test_an_entry_that_is_not_taken_is_counted_by_its_reason(record, reason, tmp_path, fasta):
    assert one(tmp_path, fasta, record) == ([], {reason: 1})


def test_records_in_any_order_come_in_that_of_the_reference_and_once(tmp_path, fasta):
    found, left_out = one(
        tmp_path, fasta, "b 3 C T . GT 0/1", "a 30 A G . GT 0/1", "a 16 G T . GT 0/0", "a 16 G T . GT 0/1"
    )
    assert [text.split()[0] for text in found] == ["a:16:G:T", "a:30:A:G", "b:3:C:T"]
    assert found[0].endswith(" 0/1:.:.:.:.") and left_out == {"repeated": 1}


def test_what_the_file_of_a_relative_lacks_is_not_known(tmp_path, fasta):
    child = vcf(tmp_path / "c.vcf", "a 16 G T . GT:GQ 0/1:50", "a 30 A G . GT 0/1")
    mother = vcf(tmp_path / "m.vcf", "a 16 G T . GT:GQ 0/0:40", "a 30 A G RefCall GT 0/1")
    found, left_out = taken(tmp_path, fasta, Source(child, "S", "child"), Source(mother, "S", "mother"))
    assert found == ["a:16:G:T 0/1:.:.:.:50 0/0:.:.:.:40", "a:30:A:G 0/1:.:.:.:. ./.:.:.:.:."]
    assert left_out == [{}, {"filtered": 1}]


def test_an_entry_that_gets_lost_is_an_error(tmp_path, fasta, monkeypatch):
    whole = Taken._sorted
    monkeypatch.setattr(Taken, "_sorted", lambda self: list(whole(self))[1:])
    with pytest.raises(AllelesUnaccounted, match="2 entries of ALT were read, 1 accounted for"):
        one(tmp_path, fasta, "a 16 G T . GT 0/1", "a 30 A G . GT 0/1")


@pytest.mark.parametrize(("record", "error", "words"), [
    ("a 16 C T . GT 0/1", OtherReference, "x.vcf: a:16 has REF C, but the reference has G there"),
    ("b 10 AC A . GT 0/1", OtherReference, "b:10 has REF AC, but the reference has A there"),
    ("a 16 G T . DP 9", NoGenotype, "a:16 has no genotype (FORMAT/GT)"),
])  # fmt: skip
def test_calls_on_another_reference_or_without_genotypes_are_refused(record, error, words, tmp_path, fasta):
    with pytest.raises(error, match=re.escape(words)):
        one(tmp_path, fasta, record)


@pytest.mark.parametrize(("samples", "sample", "named", "chosen"), [
    ("S", "here", "", "S"), ("A here", "here", "", "here"), ("A here", "here", "A", "A"),
    ("A B", "here", "", "has 2 samples; write in vcf_sample which is here. Its"),
    ("A B", "here", "C", "has no sample C; correct vcf_sample. Its samples:  bcftools"),
    ("", "here", "", "has no samples, only sites"),
    ("19121212-1212", "here", "", "names its sample by a personal number"),
    ("19121212-1212 B", "here", "", "has 2 samples; write"),
])  # fmt: skip
def test_the_sample_is_chosen_by_name(samples, sample, named, chosen, tmp_path):
    path = vcf(tmp_path / "x.vcf", samples=samples)
    if chosen in samples.split():
        assert source_of(path, sample, named) == Source(path, chosen, sample, bool(named))
    else:
        with pytest.raises(UnusableCalls, match=re.escape(chosen)):
            source_of(path, sample, named)


@pytest.mark.parametrize("name, left_out", [("S,1", ""), ("S", "##contig"), ("S", "##FORMAT=<ID=GT")])
def test_a_header_that_leaves_out_what_records_have_is_no_damage(name, left_out, tmp_path, fasta):
    path = vcf(tmp_path / "x.vcf", "a 3 G T PASS GT 0/0 0/1", samples=f"R {name}")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not (left_out and line.startswith(left_out))))
    assert taken(tmp_path, fasta, Source(path, name, "S"))[0] == ["a:3:G:T 0/1:.:.:.:."]


@pytest.mark.parametrize("name, named, said", [("P1", "", False), ("Anna", "", True), ("Anna", "Anna", False)])
def test_another_name_in_the_file_is_a_fact_unless_the_sheet_gives_it(name, named, said, tmp_path, fasta):
    path = vcf(tmp_path / "x.vcf", "a 3 G T PASS GT 0/1", samples=name)
    with open(tmp_path / "log", "w") as log:
        calls = Taken([source_of(path, "P1", named)], fasta, str(tmp_path), log)
        list(calls.lines())
    (facts,) = calls.facts()
    assert ("named_otherwise" in facts) == said and facts["name"] == (None if said else name)


def test_text_that_is_no_utf8_is_read(tmp_path, fasta):
    path = vcf(tmp_path / "x.vcf", "a 3 G T PASS GT 0/1")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n##note=caf\xe9\n", 1))
    assert taken(tmp_path, fasta, Source(path, "S", "S"))[0] == ["a:3:G:T 0/1:.:.:.:."]


def test_bcf_and_packed_files_are_read_and_damaged_ones_refused(tmp_path, fasta):
    plain = vcf(tmp_path / "x.vcf", "a 16 G T . GT 0/1", "b 3 C T . GT 0/1")
    packed, bcf = tmp_path / "x.vcf.gz", tmp_path / "x.bcf"
    pysam.tabix_compress(str(plain), str(packed))
    with pysam.VariantFile(str(plain)) as given, pysam.VariantFile(str(bcf), "wb", header=given.header) as out:
        for record in given:
            out.write(record)
    for path in (packed, bcf):
        assert taken(tmp_path, fasta, source_of(path, "S", ""))[1] == [{}]
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    with pytest.raises(UnusableCalls, match="is compressed with gzip. Compress it with bgzip"):
        source_of(packed, "S", "")
    packed.write_bytes(packed.read_bytes()[:-30])
    with pytest.raises(UnusableCalls, match="could not read it to its end"):
        taken(tmp_path, fasta, Source(packed, "S", "S"))
