"""Reads at a variant, reads and depth at the ends of a structural variant, from alignments to the drawing."""

import shutil
import xml.etree.ElementTree as ET

import pysam
import pytest

from alignments import CONTIG, aligned, read, write_cram, write_fasta
from gms.drawings.depth_plot import depth_plot
from gms.drawings.depth_views import depth_views, panels_of
from gms.drawings.page import finding_reads
from gms.drawings.pileup import end_pileup, pileup
from gms.drawings.read_rows import End, row, sample_reads, shows, window_of
from gms.drawings.read_views import end_views, ends_of, read_views
from gms.genome.alleles import Allele

BASES = "".join("ACGT"[(n * n + n // 3) % 4] for n in range(2_000))
SNV = Allele(500, BASES[500], "A" if BASES[500] != "A" else "C")
DELETION = Allele(600, BASES[600:604], BASES[600])
REPEATED = Allele(700, BASES[700], BASES[700] + BASES[701:731])  # a tandem duplication of 30 bases


@pytest.fixture(scope="module")
def fasta(tmp_path_factory):
    return write_fasta(tmp_path_factory.mktemp("reference") / "genome.fa", BASES)


@pytest.fixture(scope="module")
def files(fasta, tmp_path_factory):
    """20 reads over each place, of which 5 have the alleles; one more is a duplicate. None lies over the deletion of
    1,200 to 1,400 but 5."""
    reads = []
    for number in range(20):
        for allele in (SNV, DELETION):
            start, carried = allele.pos - 90 + 2 * number, [allele] if number % 4 == 0 else []
            reads.append(aligned(f"{allele.pos}-{number}", BASES, carried, start, 100, flag=16 * (number % 2)))
    reads.append(aligned("copy", BASES, [SNV], 460, 100, flag=1024))
    reads += [
        aligned(f"d{n}", BASES, [], start, 100)
        for n, start in enumerate([*range(900, 1_101, 10), *range(1_400, 1_700, 10)])
    ]
    reads += [aligned(f"e{n}", BASES, [], 1_150 + 40 * n, 100) for n in range(5)]
    return [str(write_cram(tmp_path_factory.mktemp("reads") / "S1.cram", fasta, reads))]


def document(*alleles, **more):
    findings = [{"variants": [spelled(one)], "reported": True, "in_gene_list": True, "section": "a"} for one in alleles]
    return {"findings": findings, "sections": [{"key": "b"}, {"key": "a"}], "samples": [{"sample": "S1"}], **more}


def spelled(allele):
    return f"{CONTIG}:{allele.pos + 1}:{allele.ref}:{allele.alt}"


@pytest.mark.parametrize("allele", [SNV, DELETION])
def test_reads_that_show_an_allele_are_counted_apart_from_others(files, fasta, allele):
    view = read_views(document(allele), files, str(fasta))[spelled(allele)]
    (sample,) = view["samples"]
    assert (sample["sample"], sample["showing"], sample["others"]) == ("S1", 5, 15)
    assert len(sample["reads"]) == 5 + 10
    mark = [40, "base", SNV.alt] if allele == SNV else [41, "del", 3]
    assert [mark in one["marks"] for one in sample["reads"]] == [one["shows"] for one in sample["reads"]]


def test_reads_are_chosen_alike_each_time(files, fasta):
    assert read_views(document(SNV), files, str(fasta)) == read_views(document(SNV), files, str(fasta))


def test_of_very_many_reads_only_the_first_are_looked_at(files, fasta, monkeypatch):
    monkeypatch.setattr("gms.drawings.read_rows.READS", 7)
    data = document(SNV)
    view = read_views(data, files, str(fasta))[spelled(SNV)]
    (sample,) = view["samples"]
    assert sample["cut"] and sample["showing"] + sample["others"] == 7
    assert "of the first reads only" in pileup(view, spelled(SNV))


@pytest.mark.parametrize("side", ["3", "5"])
def test_both_ends_of_a_deletion_of_a_deep_mitochondrion_are_shown(side):
    """Reads that begin at an end come behind thousands that lie over it."""
    across = [read(f"r{number}", 950 + number % 40, "100M", "A" * 100) for number in range(6_000)]
    place = (1_000, "50S50M") if side == "5" else (950, "50M50S")
    clipped = [read(f"c{number}", *place, "A" * 100) for number in range(9)]

    class Deep:
        def fetch(self, *_):
            return sorted([*across, *clipped], key=lambda one: one.reference_start)

    found = sample_reads(End(CONTIG, 960, "A" * 80, 1_000, side), Deep())
    assert (found["showing"], found["others"], found["cut"]) == (9, 6_000, False)
    assert [one["shows"] for one in found["reads"]] == [True] * 9 + [False] * 10


def test_where_there_are_too_many_findings_those_of_the_gene_list_and_of_the_first_section_are_drawn(
    files, fasta, monkeypatch
):
    monkeypatch.setattr("gms.drawings.read_views.MOST", 1)
    data = document(SNV, DELETION)
    data["findings"][1]["section"] = "b"
    assert [*read_views(data, files, str(fasta))] == [spelled(DELETION)]
    data["findings"][1]["in_gene_list"] = False
    assert [*read_views(data, files, str(fasta))] == [spelled(SNV)]


def test_without_alignments_or_findings_nothing_is_looked_at(fasta, files):
    assert read_views(document(SNV), [], str(fasta)) == {} == read_views(document(), files, str(fasta))
    assert depth_views(document(), files, str(fasta)) == {}


def test_a_read_clipped_at_the_end_of_a_duplication_shows_it(fasta):
    with pysam.FastaFile(str(fasta)) as reference:
        window = window_of(CONTIG, REPEATED, reference)
    joined = read("a", 671, "60M20S", BASES[671:731] + BASES[701:721])
    elsewhere = read("b", 671, "60M20S", BASES[671:731] + "ACGTTGCATTGACCATGTCA")
    plain = aligned("c", BASES, [], 671, 80)
    assert [shows(one, window) for one in (joined, elsewhere, plain)] == [True, False, False]
    assert row(joined, window, True)["marks"] == [[731 - window.start, "clip_right", BASES[701:721]]]


def test_alleles_of_the_mitochondrion_in_part_of_the_molecules_have_their_reads(files, fasta):
    mixed, deleted = (
        {"variants": [spelled(SNV)], "section": "low"},
        {"variants": ["c:7:A:<DEL>"], "section": "deletion"},
    )
    whole = {"variants": [spelled(DELETION)], "section": "homoplasmic"}
    classes = [{"variants": "mitochondrial", "findings": [mixed, deleted, whole]}]
    data = document(classes=classes)
    assert [*read_views(data, files, str(fasta))] == [spelled(SNV)]


def test_a_weak_base_is_in_lower_case_and_an_indel_is_found_wherever_it_is_aligned(fasta):
    with pysam.FastaFile(str(fasta)) as reference:
        window = window_of(CONTIG, SNV, reference)
    text = BASES[450:500] + SNV.alt + BASES[501:550]
    assert [40, "base", SNV.alt.lower()] in row(read("a", 450, "100M", text, quality=10), window, True)["marks"]


def test_a_drawing_has_a_letter_for_each_read_with_the_allele(files, fasta):
    data = document(SNV)
    data["read_views"] = read_views(data, files, str(fasta))
    drawn = finding_reads(data, data["findings"][0])
    tree = ET.fromstring(drawn)
    letters = [text for group in tree.iter("g") for text in group.iter("text")]
    assert [text.text for text in letters] == [SNV.alt] * 5
    assert "S1: 5 reads show it, 15 others" in tree.find("desc").text
    assert finding_reads({}, data["findings"][0]) is None


def test_insertions_deletions_and_clips_are_drawn_and_bases_beyond_the_window_are_not():
    read = {"start": -3, "end": 50, "reverse": True, "shows": True}
    marks = [[0, "clip_left", ""], [10, "ins", "ACG"], [20, "del", 60], [30, "clip_right", "ACGT"], [5, "base", "n"]]
    sample = {"sample": "<S>", "showing": 1, "others": 0, "cut": False, "reads": [{**read, "marks": marks}]}
    view = {"contig": "chr1", "start": 100, "reference": "ACGTA" * 12, "samples": [sample]}
    tree = ET.fromstring(pileup(view, "chr1:121:A:AT"))
    assert {"3", "n", "ACGT", "<S>: with the allele 1; other reads 0"} <= {text.text for text in tree.iter("text")}


def test_depth_falls_within_a_deletion(files, fasta):
    found = {"variants": [f"{CONTIG}:1200:A:<DEL>"], "own": {"END": "1400"}, "type": "deletion"}
    data = document(classes=[{"variants": "structural", "findings": [found]}])
    ((spelling, view),) = depth_views(data, files, str(fasta)).items()
    (panel,), depths = view["panels"], view["samples"][0]["depth"][0]
    assert (panel["start"], panel["end"], panel["ends"]) == (700, 1_900, (1_200, 1_400))
    assert max(depths[26:34]) < 4 < 9 < min(depths[14:20])
    tree = ET.fromstring(depth_plot(view, {"S1": 10.0}))
    assert f"{CONTIG}, ends at 1,200 and 1,400 (red)" in {text.text for text in tree.iter("text")}


@pytest.mark.parametrize(
    "variant, end, expected",
    [
        ("chr1:50000:A:<DEL>", "90000", [("chr1", 47_000, 53_000), ("chr1", 87_000, 93_000)]),
        ("chr1:50000:A:A[chr2:100[", None, [("chr1", 47_000, 53_000), ("chr2", 0, 3_100)]),
        ("chr1:100:A:<INS>", None, [("chr1", 0, 600)]),
        ("HLA-A*01:01:100:A:<INS>", None, [("HLA-A*01:01", 0, 600)]),
    ],
)
def test_long_events_and_translocations_have_a_panel_for_each_end(variant, end, expected):
    found = {"variants": [variant], "own": {"END": end} if end else {}}
    panels = panels_of(found, {"chr1": 1_000_000, "chr2": 5_000, "HLA-A*01:01": 3_000})
    assert [panel[:3] for panel in panels] == expected


@pytest.fixture(scope="module")
def junction(fasta, tmp_path_factory):
    """Over both ends of a deletion of 1,000 to 1,600: 6 reads clipped at its start, 4 at its end, 8 of the reference,
    2 clipped on the other side, one by few bases, and one that ends before."""
    joined = BASES[:1_000] + BASES[1_600:]
    reads = [read(f"l{n}", 930 + n, f"{70 - n}M{30 + n}S", joined[930 + n :][:100]) for n in range(6)]
    reads += [read(f"r{n}", 1_600, f"{40 + n}S{60 - n}M", joined[960 - n :][:100]) for n in range(4)]
    reads += [read(f"n{n}", at + n, "100M", BASES[at + n :][:100]) for n in range(4) for at in (950, 1_550)]
    reads += [read(f"o{n}", 1_000, "20S80M", "ACGT" * 5 + BASES[1_000:1_080]) for n in range(2)]
    reads += [read("few", 905, "95M5S", joined[905:1_005]), read("apart", 885, "100M", BASES[885:985])]
    return [str(write_cram(tmp_path_factory.mktemp("ends") / "S1.cram", fasta, reads))]


def test_reads_that_are_clipped_at_the_ends_of_a_deletion_are_shown_at_each(junction, fasta):
    found = {"variants": [f"{CONTIG}:1000:A:<DEL>"], "own": {"END": "1600"}, "type": "deletion"}
    data = document(classes=[{"variants": "structural", "findings": [found]}])
    (((first, second),)) = end_views(data, junction, str(fasta)).values()
    assert [(view["start"], view["end"]) for view in (first, second)] == [(960, 1_000), (1_560, 1_600)]
    counts = [(view["samples"][0]["showing"], view["samples"][0]["others"]) for view in (first, second)]
    assert counts == [(6, 4), (4, 4)]
    marks = [one["marks"] for one in first["samples"][0]["reads"] if one["shows"]]
    assert [40, "clip_right", BASES[1_600:1_630]] in sum(marks, [])
    assert not any(name in str((first, second)) for name in ("l0", "r0", "n0"))
    tree = ET.fromstring(end_pileup(first))
    assert "S1: with an end or a gap here 6; other reads 4" in {text.text for text in tree.iter("text")}


def test_changes_of_copy_number_have_depth_but_no_reads_at_their_ends(junction, fasta):
    found = {"variants": [f"{CONTIG}:1000:A:<DEL>"], "own": {"END": "1600"}, "type": "deletion"}
    data = document(classes=[{"variants": "copy_number", "findings": [found]}])
    assert end_views(data, junction, str(fasta)) == {} == end_views(document(), junction, str(fasta))
    assert [*depth_views(data, junction, str(fasta))] == found["variants"]


def test_a_large_deletion_of_the_mitochondrion_has_the_reads_at_its_ends(junction, fasta):
    found = {"variants": [f"{CONTIG}:1000:A:<DEL>"], "own": {"END": "1600"}, "type": "deletion"}
    allele = {"variants": [spelled(DELETION)], "own": {}, "type": "deletion", "section": "low"}
    data = document(classes=[{"variants": "mitochondrial", "findings": [found | {"section": "deletion"}, allele]}])
    ((spelling, views),) = end_views(data, junction, str(fasta)).items()
    assert spelling == found["variants"][0] and [view["samples"][0]["showing"] for view in views] == [6, 4]


def test_a_repeat_has_the_reads_at_its_flanks_of_those_that_are_shown_there(junction, fasta, tmp_path):
    """Clipped on either side, as reads of a longer allele run beyond the repeat of the reference. What a healthy
    relative has is not shown where the person investigated has no long allele."""
    mother = tmp_path / "S2.cram"
    for end in ("", ".crai"):
        shutil.copy(f"{junction[0]}{end}", f"{mother}{end}")
    own = {"END": "1600", "REPID": "HTT"}
    found = {"variants": [f"{CONTIG}:1000:A:<STR40>,<STR>"], "own": own, "type": "repeat"}
    facts = {"samples": ["S1", "S2"], "loci": [{"locus": "HTT", "samples": [{"status": "intermediate"}, None]}]}
    data = document(classes=[{"variants": "repeats", "findings": [found], "facts": facts}])
    (views,) = end_views(data, [*junction, str(mother)], str(fasta)).values()
    shown = [[(one["sample"], one["showing"]) for one in view["samples"]] for view in views]
    assert shown == [[("S1", 6 + 2)], [("S1", 4)]]


def test_a_read_with_the_deletion_in_its_alignment_shows_both_ends(fasta, tmp_path):
    text = BASES[950:1_000] + BASES[1_060:1_110]
    path = write_cram(tmp_path / "S1.cram", fasta, [read("a", 950, "50M60D50M", text)])
    found = {"variants": [f"{CONTIG}:1000:A:<DEL>"], "own": {"END": "1060"}, "type": "deletion"}
    data = document(classes=[{"variants": "structural", "findings": [found]}])
    views = end_views(data, [str(path)], str(fasta))[found["variants"][0]]
    assert [view["samples"][0]["showing"] for view in views] == [1, 1]


@pytest.mark.parametrize(
    "alt, own, kind, expected",
    [
        ("<DUP>", {"END": "900"}, "duplication", [(500, "5"), (900, "3")]),
        ("<INV>", {"END": "900"}, "inversion", [(500, "35"), (900, "35")]),
        ("<INS:ME:ALU>", {"END": "500"}, "insertion", [(500, "35")]),
        ("A[chr1:900[", {}, "breakend", [(500, "3"), (899, "5")]),
        ("A]chr1:900]", {}, "breakend", [(500, "3"), (900, "3")]),
        ("]chr1:900]A", {}, "breakend", [(499, "5"), (900, "3")]),
        ("[chr1:900[A", {"JUNCTIONS": "2"}, "breakend", [(499, "35"), (899, "35")]),
    ],
)
def test_ends_are_the_cuts_with_the_sides_that_are_joined(fasta, alt, own, kind, expected):
    found = {"variants": [f"{CONTIG}:500:A:{alt}"], "own": own, "type": kind}
    with pysam.FastaFile(str(fasta)) as reference:
        assert [(end.cut, end.sides) for end in ends_of(found, reference)] == expected
