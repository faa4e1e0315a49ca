"""Insertions: clipped reads that face each other, mobile elements, reads of both alleles, shadows of an insertion."""

import random

import pysam
import pytest

from gms.genome.vcf import info, write_vcf
from gms.normals.like_events import structural_place
from gms.variants.insertions.calls import contract_lines, read_proposal
from gms.variants.insertions.cases import Case, with_insertions
from gms.variants.insertions.elements import ELEMENTS, Element, Elements, UnusableElements
from gms.variants.insertions.placement import placed_quality
from gms.variants.insertions.proposals import Proposal, is_local, whole
from gms.variants.insertions.search import search
from gms.variants.structural.cases import Sample
from gms.variants.structural.evidence import reverse
from gms.variants.structural.fragments import read_library

GENERATOR = random.Random(5)
CONTIG = "".join(GENERATOR.choices("ACGT", k=6_000))
NOVEL = "".join(GENERATOR.choices("ACGT", k=400))
ALU = Elements(ELEMENTS).sequences["ALU"] + "A" * 20
PLACES = {1_500: NOVEL, 3_000: ALU, 4_500: NOVEL[:80]}  # cut -> inserted bases
DOUBLED = 12


def molecule() -> str:
    """The contig with the insertions, each with the bases before its place behind it as well."""
    text = CONTIG
    for cut in sorted(PLACES, reverse=True):
        text = text[:cut] + PLACES[cut] + CONTIG[cut - DOUBLED : cut] + text[cut:]
    return text


def aligned(start: int, added: int, bases: str, cut: int) -> tuple[int, str] | None:
    """Position and CIGAR of a read of the molecule, clipped where its insertion is; None within it."""
    first, size = cut - start, len(bases)
    inserted = len(PLACES[cut]) + DOUBLED
    if first >= size:
        return start - added, f"{size}M"
    if first >= 30:
        return start - added, f"{first}M{size - first}S"
    behind = first + inserted - DOUBLED  # of the read, from where bases are the reference's again
    if 0 < size - behind < size and size - behind >= 30:
        return cut - DOUBLED, f"{max(0, behind)}S{size - max(0, behind)}M"
    return None


def reads() -> list[tuple[int, str, str, str]]:
    """(position, CIGAR, bases, name) at 15 reads of each allele."""
    text, found = molecule(), []
    for number, start in enumerate(range(0, len(CONTIG) - 150, 10)):
        found.append((start, "150M", CONTIG[start : start + 150], f"r{number}"))
    shift = 0
    for cut, bases in sorted(PLACES.items()):
        for start in range(cut - 145, cut + len(bases) + DOUBLED, 10):
            if place := aligned(start, 0, text[start + shift : start + shift + 150], cut):
                found.append((*place, text[start + shift : start + shift + 150], f"i{cut}.{start}"))
        shift += len(bases) + DOUBLED
    return sorted(found)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return written(tmp_path_factory.mktemp("insertions"))


def written(folder, split=None):
    """Reference and alignment; pairs of 400 bases, so that the library is known. `split`: tags of clipped reads, which
    fit elsewhere as well then."""
    (folder / "g.fa").write_text(f">chr1\n{CONTIG}\n")
    pysam.faidx(str(folder / "g.fa"))
    header = pysam.AlignmentHeader.from_dict({"HD": {"VN": "1.6"}, "SQ": [{"SN": "chr1", "LN": len(CONTIG)}]})
    rows = [(*row, 60, 0x3 | 0x40) for row in reads()]
    rows += [(5_700, "50M", CONTIG[5_700:5_750], f"p{n}", 0, 0x3 | 0x40) for n in range(1_000)]
    with pysam.AlignmentFile(str(folder / "s.bam"), "wb", header=header) as out:
        for start, cigar, bases, name, quality, flag in sorted(rows):
            read = pysam.AlignedSegment(header)
            read.query_name, read.query_sequence, read.flag = name, bases, flag
            read.query_qualities = pysam.qualitystring_to_array("I" * len(bases))
            read.reference_id, read.reference_start, read.mapping_quality, read.cigarstring = 0, start, quality, cigar
            read.next_reference_id, read.next_reference_start, read.template_length = 0, start, 400
            if split is not None and "S" in cigar:
                read.mapping_quality = 0
                read.set_tags(list(split.items()))
            out.write(read)
    pysam.index(str(folder / "s.bam"))
    return folder / "g.fa", folder / "s.bam"


@pytest.fixture(scope="module")
def found(files) -> list[Proposal]:
    fasta, bam = files
    return list(search(fasta, [bam], ELEMENTS))


def test_insertions_are_found_at_their_place_with_what_is_doubled(found):
    assert [(one.before, one.doubled) for one in found] == [(cut, DOUBLED) for cut in PLACES]
    assert [one.element.family if one.element else None for one in found] == [None, "ALU", None]


def test_lengths_are_those_that_reads_or_the_family_tell(found):
    novel, alu, short = found
    assert (novel.length, short.length, short.bases) == (None, 80 + DOUBLED, PLACES[4_500])
    assert abs(alu.length - len(ALU) - DOUBLED) <= 2


def test_proposals_come_back_from_the_callers_vcf(found):
    lines = [line for line in contract_lines(found, {"chr1": len(CONTIG)}) if line[0] != "#"]
    again = [read_proposal(line) for line in lines]
    assert [one._replace(prefix="", suffix="") for one in again] == [
        one._replace(prefix="", suffix="") for one in found
    ]
    assert lines[1].split("\t")[4] == "<INS:ME:ALU>"


ELSEWHERE = "chr1,5000,+,50M100S,0,0;"


@pytest.mark.parametrize(
    ("split", "is_found"),
    [
        ({"SA": ELSEWHERE, "MQ": 60}, True),
        ({"SA": ELSEWHERE, "MQ": 0}, False),  # the mate fits elsewhere, too
        ({"MQ": 60}, False),  # not split: the aligner has asked the mate
        ({"SA": ELSEWHERE}, False),  # not known
    ],
    ids=["certain mate", "mate elsewhere as well", "not split", "no MQ"],
)
def test_split_reads_are_placed_by_their_mates(tmp_path, split, is_found):
    """As where an element is inserted within an old one."""
    fasta, bam = written(tmp_path, split)
    found = list(search(fasta, [bam], ELEMENTS))
    assert [one.before for one in found] == list(PLACES) * is_found
    calls = tmp_path / "calls.vcf.gz"
    write_vcf(contract_lines(found, {"chr1": len(CONTIG)}), calls)
    facts = {"assessed": True, "events": {}, "callers": [], "samples": libraries(bam, fasta)}
    lines, _ = with_insertions(["#CHROM\n"], facts, calls, Case(fasta, [bam], [Sample("s", "female")]))
    records = [line.rstrip("\n").split("\t") for line in lines[1:]]
    assert [fields[9].partition(":")[0] for fields in records] == ["0/1"] * 3 * is_found
    assert {info(fields[7])["MAPQ"] for fields in records} == {"40"} if is_found else not records


@pytest.mark.parametrize(
    ("flag", "quality", "mate", "placed"),
    [
        (0x63, 0, 60, 40),
        (0x63, 5, 60, 45),
        (0x63, 0, 25, 25),
        (0x63, 30, 60, 30),  # it is sure by itself
        (0x61, 0, 60, 0),  # no proper pair
        (0x863, 0, 60, 0),  # the pair is that of its other part
    ],
)
def test_the_mate_adds_what_it_adds_to_a_read_in_one_part(flag, quality, mate, placed):
    read = pysam.AlignedSegment()
    read.flag, read.mapping_quality = flag, quality
    read.set_tags([("SA", ELSEWHERE), ("MQ", mate)])
    assert placed_quality(read) == placed


def shadow(kind: str, junctions: int) -> str:
    text = f"CALLERS=delly;SVTYPE={kind};JUNCTIONS={junctions};END=3900;SVLEN=-900"
    return f"chr1\t3005\t{kind}.chr1.3005.chr1.3900.35\tA\t<{kind}>\t50\t.\t{text}\tGT\t0/1\n"


def libraries(bam, fasta):
    """As the facts of structural variants have them."""
    with pysam.AlignmentFile(str(bam), reference_filename=str(fasta)) as alignment:
        return [{"sample": "s", **read_library(alignment)._asdict()}]


def test_insertions_are_counted_and_mark_their_shadows(files, found, tmp_path):
    fasta, bam = files
    calls = tmp_path / "calls.vcf.gz"
    write_vcf(contract_lines(found, {"chr1": len(CONTIG)}), calls)
    facts = {"assessed": True, "events": {"DEL": 1}, "callers": ["delly"], "samples": libraries(bam, fasta)}
    lines, facts = with_insertions(
        ["#CHROM\n", shadow("DEL", 1).replace(";END", ";SHADOW;END")],
        facts,
        calls,
        Case(fasta, [bam], [Sample("s", "female")]),
    )
    records = [line.rstrip("\n").split("\t") for line in lines[1:]]
    inserted = [fields for fields in records if fields[4].startswith("<INS")]
    assert [int(fields[1]) for fields in inserted] == [cut - DOUBLED for cut in PLACES]
    assert [fields[9].partition(":")[0] for fields in inserted] == ["0/1"] * 3
    assert info(inserted[1][7])["MEINFO"] == "ALU,1,281,+" and info(inserted[1][7])["TSD"] == CONTIG[2_988:3_000]
    (deletion,) = [fields for fields in records if fields[4] == "<DEL>"]
    assert info(deletion[7])["INSERTED"] == inserted[1][2] and deletion[7].split(";").count("SHADOW") == 1
    assert facts["events"] == {"DEL": 1, "INS": 2, "ME": 1} and facts["callers"] == ["clippedreads", "delly"]


def test_ends_of_an_inversion_are_no_insertion(files, found, tmp_path):
    fasta, bam = files
    calls = tmp_path / "calls.vcf.gz"
    write_vcf(contract_lines(found, {"chr1": len(CONTIG)}), calls)
    inversion = shadow("INV", 2).replace("3005", "1501").replace("3900", "4510")
    facts = {"assessed": True, "events": {}, "callers": [], "samples": libraries(bam, fasta)}
    lines, _ = with_insertions(["#CHROM\n", inversion], facts, calls, Case(fasta, [bam], [Sample("s", "female")]))
    assert [line.split("\t")[4] for line in lines[1:]] == ["<INV>", "<INS:ME:ALU>"]
    assert "SHADOW" not in lines[1]


@pytest.mark.parametrize(
    ("quality", "pairs", "is_kept"), [("50", "1", False), ("10", "1", True), ("50", "4e-05", True)]
)
def test_the_end_of_a_certain_inversion_is_no_mobile_element(files, found, tmp_path, quality, pairs, is_kept):
    fasta, bam = files
    calls = tmp_path / "calls.vcf.gz"
    write_vcf(contract_lines(found, {"chr1": len(CONTIG)}), calls)
    inversion = shadow("INV", 2).replace("\t50\t", f"\t{quality}\t").replace("JUNC", f"PAIRS_P={pairs};JUNC")
    facts = {"assessed": True, "events": {}, "callers": [], "samples": libraries(bam, fasta)}
    lines, _ = with_insertions(["#CHROM\n", inversion], facts, calls, Case(fasta, [bam], [Sample("s", "female")]))
    assert any("MEINFO" in line for line in lines) is is_kept


@pytest.mark.parametrize(
    ("prefix", "suffix", "expected"),
    [
        (ALU[:60], ALU[-60:], ("ALU", "+", 0)),
        (reverse(ALU[-60:]), reverse(ALU[:60]), ("ALU", "-", 0)),
        (ALU[100:160], "A" * 30, ("ALU", "+", 100)),
        (NOVEL[:60], ALU[-60:], ("ALU", "+", None)),
        (NOVEL[:60], NOVEL[-60:], None),
        (ALU[:60], NOVEL[-60:], None),
        (NOVEL[:60], "A" * 30, None),
    ],
    ids=["both ends", "other strand", "cut, tail alone", "body and tail", "no element", "one end alone", "tail alone"],
)
def test_a_family_needs_a_tail_or_both_ends(prefix, suffix, expected):
    element = Elements(ELEMENTS).recognise(prefix, suffix)
    assert (element and (element.family, element.strand, element.start)) == expected


def test_bases_of_the_place_are_no_insertion():
    folded = Proposal("chr1", 2_000, 1_990, reverse(CONTIG[1_900:1_960]), NOVEL[:60], 8)
    assert is_local(folded, CONTIG[1_300:2_700])
    assert not is_local(folded._replace(prefix=NOVEL[60:120]), CONTIG[1_300:2_700])


@pytest.mark.parametrize("wrong", [5, 20, 35])
def test_an_error_far_from_the_place_does_not_hide_that_the_ends_meet(wrong):
    """Few reads show the last bases of an end; those next to the place are taken."""
    suffix = NOVEL[30:130]
    changed = suffix[:wrong] + {"A": "C"}.get(suffix[wrong], "A") + suffix[wrong + 1 :]
    assert whole(NOVEL[:110], changed) == NOVEL[:130]
    assert whole(NOVEL[:70] + CONTIG[:40], CONTIG[100:130] + NOVEL[:70]) == NOVEL[:70]
    assert whole(NOVEL[:60], NOVEL[100:160]) is None


def test_a_copy_of_an_element_next_to_an_old_one_is_an_insertion():
    """The ends of an inversion within two elements are none: there the last bases go on in the first ones."""
    copied = Proposal("chr1", 2_000, 1_985, ALU[:60], ALU[-60:], 8, element=Element("ALU", "+", 0, len(ALU), 20))
    assert not is_local(copied, CONTIG[1_300:2_010] + ALU + CONTIG[2_010:2_700])
    assert not is_local(copied, CONTIG[1_300:2_010] + reverse(ALU) + CONTIG[2_010:2_700])
    for second_end in (ALU[-60:] + ALU[:60], reverse(ALU[-60:] + "ACGTACGTAC" + ALU[:60])):
        assert is_local(copied, CONTIG[1_300:2_010] + second_end + CONTIG[2_010:2_700])


@pytest.mark.parametrize(
    ("text", "said"), [("", "no sequence"), (">A<\nACGT\n", "name A<"), (">A\nACGTZ\n", "shorter")]
)
def test_unusable_elements_are_refused(tmp_path, text, said):
    path = tmp_path / "elements.fa"
    path.write_text(text)
    with pytest.raises(UnusableElements, match=said):
        Elements(path)


def test_the_name_of_an_insertion_has_its_length():
    texts = ("SVTYPE=INS;END=150", "SVTYPE=INS;END=150;SVLEN=300")
    places = [structural_place(["chr1", "150", "x", "N", "<INS>", ".", ".", text]) for text in texts]
    assert [place.name({}) for place in places] == ["chr1:g.150_151insN[?]", "chr1:g.150_151insN[300]"]
