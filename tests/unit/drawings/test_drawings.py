"""Drawings are well-formed, carry their own words, and show what they are given."""

import re
import xml.etree.ElementTree as ET

import pytest

from gms.drawings.fractions import Row, fraction_plot, wilson
from gms.drawings.page import card_pedigree, case_drawings, heteroplasmy
from gms.drawings.pedigree import pedigree
from gms.drawings.repeat_histogram import repeat_histogram
from gms.drawings.strip import strip
from gms.drawings.svg import GREEN, INK, RED, shortened
from gms.homozygosity.ideogram import ideogram


def read(drawing):
    """The drawing as a tree: whole, named, described, and nothing that runs or is fetched."""
    tree = ET.fromstring(drawing)
    assert tree.attrib["role"] == "img" and tree.find("title").text and tree.find("desc").text
    assert not re.search(r"<script|href|on[a-z]+=", drawing)
    return tree


def words(tree):
    return [element.text for element in tree.iter("text")]


def member(sample, role, sex="female", affected="no"):
    return {"sample": sample, "role": role, "sex": sex, "affected": affected, "metrics": {}}


def shown(sample, fraction, depth=100, zygosity=None):
    alt = None if fraction is None else round(fraction * depth)
    return {"sample": sample, "fraction": fraction, "alt_reads": alt, "depth": depth, "zygosity": zygosity}


def found(*evidence, name="p.(Val600Glu)", section="hotspot"):
    names = {"p": name, "c": None, "g": "chr1:g.7A>T"}
    return {
        "genes": ["BRAF"], "hgvs": names, "evidence": evidence, "reported": True, "section": section, "variants": ["x"]
    }  # fmt: skip


def test_a_pedigree_has_a_symbol_for_each_person_and_broken_ones_for_parents_without_a_sample():
    family = [
        member("P", "proband", "male", "yes"),
        member("M", "mother"),
        member("S", "sibling", "unknown", "unknown"),
    ]
    tree = read(pedigree(family, {"P": ["homozygous"], "M": ["heterozygous"]}))
    squares = tree.findall("rect")
    assert [bool(square.get("stroke-dasharray")) for square in squares] == [True, False, False]
    assert [square.get("fill") == "#fff" for square in squares] == [True, False, True]
    assert "rotate" in squares[2].get("transform") and len(tree.findall("circle")) == 1
    assert {"no sample", "homozygous", "heterozygous", "?"} <= set(words(tree))
    assert "proband P, affected: homozygous" in tree.find("desc").text


def test_twins_have_a_bar_and_half_siblings_a_line_of_their_own():
    family = [member("P", "proband"), member("T", "twin"), member("H", "half-sibling"), member("S", "sibling")]
    tree = read(pedigree(family, {}))
    assert words(tree).count("one parent in common") == 1
    assert len(tree.findall("circle")) == 5 and len(tree.findall("rect")) == 1


def test_a_proband_alone_has_no_pedigree():
    assert pedigree([member("P", "proband")], {}) is None


def test_a_card_numbers_its_findings_below_each_person():
    family = [member("P", "proband"), member("M", "mother")]
    pair = [
        found(shown("P", 0.5, zygosity=z), shown("M", 0, zygosity="not carried"))
        for z in ("heterozygous", "homozygous")
    ]
    assert {"1: heterozygous", "2: homozygous", "2: not carried"} <= set(words(read(card_pedigree(family, pair))))
    assert "1: " not in card_pedigree(family, pair[:1])


@pytest.mark.parametrize(
    "share, depth, low, high", [(0.0, 10, 0.0, 0.2775), (0.5, 10, 0.2366, 0.7634), (1.0, 50, 0.9287, 1)]
)
def test_interval_of_a_share(share, depth, low, high):
    assert wilson(share, depth) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_fractions_lie_on_their_axis_in_order_with_names_escaped():
    rows = [Row("A & B", [shown("T", 0.5)]), Row("C", [shown("T", 0.01)]), Row("D", [shown("T", None)])]
    tree = read(fraction_plot(rows, "Fractions", {"found from": 0.02, "hotspots from": 0.01}, True))
    high, low = [float(dot.get("cx")) for dot in tree.findall("circle")][:2]
    assert low < high and "A & B" in words(tree) and "D" not in words(tree)
    assert {"45–55 %", "found from 2 %", "hotspots from 1 %"} <= set(words(tree))


def test_a_tumour_has_a_plot_and_a_family_a_pedigree():
    samples = [member("T", "tumor")]
    data = {"case": {"kind": "somatic"}, "samples": samples, "detection": {"fraction": 0.01}}
    data["findings"] = [found(shown("T", 0.3)) for _ in range(42)]
    drawings = case_drawings(data)
    assert drawings["more"] == 2 and words(read(drawings["fractions"])).count("BRAF p.(Val600Glu)") == 40
    assert case_drawings({**data, "findings": []})["fractions"] is None
    family = {"case": {"kind": "germline"}, "samples": [*samples, member("M", "mother")], "findings": []}
    assert case_drawings(family)["pedigree"]


def test_a_structural_finding_has_its_family_and_a_mitochondrial_one_has_not():
    lost = found(shown("P", 0.5, zygosity="heterozygous"), shown("M", 0, zygosity="not carried"))
    classes = [
        {"variants": name, "findings": [{**lost, "variants": [name]}]} for name in ("structural", "mitochondrial")
    ]
    data = {
        "case": {"kind": "germline"},
        "samples": [member("P", "proband"), member("M", "mother")],
        "classes": classes,
    }
    families = case_drawings(data | {"findings": []})["families"]
    assert families.keys() == {"structural"} and "not carried" in words(read(families["structural"]))


def test_heteroplasmy_leaves_out_what_all_molecules_have():
    mixed, all_have = (found(shown("P", 0.3), shown("M", 0.1), section=key) for key in ("heteroplasmic", "homoplasmic"))
    assert len(read(heteroplasmy([mixed, all_have])).findall("circle")) == 2 + 2  # and those of the legend
    assert heteroplasmy([all_have]) is None


def test_a_repeat_shows_reads_and_limits_within_reach():
    locus = {"locus": "HTT", "motif": "CAG", "normal_max": 26, "limits": {"a": 36, "b": 36, "c": 200}}
    sample = {"spanning": {"17": 9}, "at_least": [40, 40, 41], "alleles": [{"low": 17}, {"low": 41}]}
    tree = read(repeat_histogram(locus, sample, "P"))
    assert len(tree.findall("rect")) == 3
    assert {"normal ≤ 26", "pathogenic ≥ 36", "pathogenic ≥ 200 →", "copies of CAG", "reads"} <= set(words(tree))


@pytest.mark.parametrize(("longest", "anchor"), [(41, "end"), (400, "start")])
def test_no_line_of_a_limit_crosses_the_words_of_another(longest, anchor):
    locus = {"locus": "ATXN7", "motif": "CAG", "normal_max": 27, "limits": {"a": 37, "b": 36}}
    sample = {"spanning": {"12": 9}, "at_least": [longest], "alleles": [{"low": 12}]}
    tree = read(repeat_histogram(locus, sample, "P"))
    texts = [one for one in tree.iter("text") if "≥" in one.text or "≤" in one.text]
    lines = [one.get("d")[1:].split("V")[0].split() for one in tree.iter("path") if one.get("stroke-dasharray")]
    assert len(texts) == len(lines) == 3 and {one.get("text-anchor") for one in texts} == {anchor}
    for text in texts:
        x, y = float(text.get("x")), float(text.get("y"))
        start, end = (x - 95, x) if anchor == "end" else (x, x + 95)
        assert not [at for at, top in lines if start < float(at) < end and float(top) < y]


def test_long_names_lose_their_middle():
    assert shortened("abcdefghijkl", 10) == "abcdef…jkl" and shortened("abc", 10) == "abc"


def test_a_strip_shows_where_a_measure_is_high_and_in_doubt():
    measure = {"value": 7.0, "unit": "% of sites", "interval": [2.0, 27.4]}
    tree = read(strip(measure, "Microsatellite instability", 10.0, 5.0))
    assert [text for text in words(tree) if text.isdecimal()] == ["0", "5", "10", "30"]
    assert {"stable", "grey zone", "high", "% of sites"} <= set(words(tree))
    limits = [float(band.get("x")) for band in tree.findall("rect")]
    assert limits[1] < float(tree.find("circle").get("cx")) < limits[2]
    assert "high from 10" in tree.find("desc").text
    assert "grey zone" not in strip(measure, "Tumour mutational burden", 10.0)
    assert strip({**measure, "value": None, "interval": None}, "x", 10.0) is None


REGION = {"contig": "chr15", "start": 1_001, "end": 3_000, "length": 2_000}
REGIONS = {
    "sample": "P", "contigs": {"chr15": {"length": 10_000, "assessed": 9_000}}, "runs": [REGION],
    "uniparental": [{**REGION, "parent": "mother"}], "fractions": {"chr15": [[500, 0.5], [2_000, 1.0]]},
}  # fmt: skip
# Of a man: his X has two copies in its pseudo-autosomal end.
PROFILE = {
    "window": 2_000,
    "contigs": {"chr15": [2.0, None, 1.0, 9.0], "chrX": [2.0, 1.0], "chrY": [1.0]},
    "usual": {"chrX": [2, 1], "chrY": [1]},
}


def depth_class(profile):
    return {"variants": "copy_number", "facts": {"samples": [{"profile": profile}]}}


def test_an_ideogram_has_every_contig_with_its_tracks():
    tree = read(ideogram({"regions": REGIONS, "classes": [depth_class(PROFILE)]}))
    shown = words(tree)
    assert {"chr15", "chrX", "both copies from the mother"} <= set(shown) and "Line: copies" in shown[-1]
    assert "chr15:1001-3000 from the mother" in tree.find("desc").text
    lines = [(one.get("stroke"), one.get("d").count("M")) for one in tree.iter("path") if "h" in one.get("d")]
    assert [sum(steps for colour, steps in lines if colour == each) for each in (INK, RED, GREEN)] == [4, 1, 1]


def test_an_ideogram_without_depth_has_the_chromosomes():
    assert "Line:" not in ideogram({"regions": REGIONS}) and "Strokes:" in ideogram({"regions": REGIONS})
    plain = {key: value for key, value in REGIONS.items() if key != "fractions"}
    assert "Strokes:" not in ideogram({"regions": plain})
    assert ideogram({"regions": None}) is None and ideogram({"regions": REGIONS | {"contigs": {}}}) is None
