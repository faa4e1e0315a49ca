import pytest

from gms.genome.known_parts import HEADER, from_parts, with_known_parts


def line(pos: int, ref: str, alt: str, info: str, chrom: str = "chr1") -> str:
    return f"{chrom}\t{pos}\t.\t{ref}\t{alt}\t60\t.\t{info}\tGT\t0/1\n"


BOTH = "PARTS=chr1:100:C:T,chr1:101:G:A"
PART = "PART_OF=chr1:100:CG:TA"


def test_a_haplotype_is_at_most_as_common_as_its_rarest_part():
    first, second = {"POP_AF": "0.3", "POP_AN": "9"}, {"POP_AF": "0.01", "POP_AN": "8"}
    added = {"POP_AF": "0.01", "POP_AN": "8", "KNOWN_PARTS": "POP_AF"}
    assert from_parts({"PARTS": "x"}, [first, second]) == added
    assert from_parts({"PARTS": "x"}, [first, {}]) == {}  # one part is new, so the haplotype is
    assert from_parts({"PARTS": "x", "POP_AF": "0.001"}, [first, second]) == {}


@pytest.mark.parametrize(
    "other, is_known",
    [({"POP_AF": "0.3"}, True), ({"POP_AF": "0.0009"}, False), ({}, False), ({"PON_COUNT": "30"}, True)],
)
def test_an_artefact_is_known_beside_an_inherited_allele(other, is_known):
    """Panels of normals leave out what is inherited, so that it has no PON_COUNT."""
    artefact = {"PON_COUNT": "20", "PON_AF": "0.03"}
    found = {"PON_COUNT": "20", "PON_AF": "0.03", "KNOWN_PARTS": "PON_COUNT"}
    assert from_parts({"PARTS": "x"}, [artefact, other]) == (found if is_known else {})


def test_a_joined_allele_is_at_the_position_of_a_hotspot_that_it_holds():
    """V600E on the molecules of a silent change next to it (c.1799_1800delinsAA): fewer reads are asked for, and the
    table of hotspots does not say that nothing was seen."""
    found = {"HOTSPOT_POSITION": "BRAF_V600E", "KNOWN_PARTS": "HOTSPOT_POSITION"}
    assert from_parts({}, [{"HOTSPOT": "BRAF_V600E"}, {}]) == found
    assert from_parts({"HOTSPOT": "BRAF_V600E"}, [{"HOTSPOT": "BRAF_V600E"}, {}]) == {}
    assert from_parts({"HOTSPOT_POSITION": "BRAF_600"}, [{"HOTSPOT": "BRAF_V600E"}, {}]) == {}


def test_clinvar_and_the_list_of_variants_to_keep():
    assert from_parts({}, [{"CLNSIG": "Pathogenic"}, {}]) == {"CLNSIG_PARTS": "Pathogenic"}
    assert from_parts({}, [{"WHITELIST": ""}, {}]) == {"WHITELIST": "", "KNOWN_PARTS": "WHITELIST"}


def test_records_keep_their_order_and_only_the_joined_one_changes():
    lines = [
        "##fileformat=VCFv4.2\n",
        "#CHROM\n",
        line(90, "A", "G", "POP_AF=0.1"),
        line(100, "C", "T", f"{PART};POP_AF=0.3"),
        line(100, "CG", "TA", BOTH),
        line(100, "C", "A", "POP_AF=0.5"),
        line(101, "G", "A", f"{PART};POP_AF=0.2"),
        line(102, "T", "A", "POP_AF=0.7"),
        line(5, "T", "A", "RPT=0", "chr2"),
    ]
    found = list(with_known_parts(lines))
    assert found[:2] == [lines[0], HEADER]
    assert found[5] == line(100, "CG", "TA", f"{BOTH};POP_AF=0.2;KNOWN_PARTS=POP_AF")
    assert found[2:5] + found[6:] == lines[1:4] + lines[5:]


def test_parts_before_their_joined_allele():
    lines = [line(55, "GGA", "G", "PART_OF=chr1:59:TTA:C;POP_AF=0.1"), line(59, "TTA", "C", "PARTS=chr1:55:GGA:G")]
    assert list(with_known_parts(lines))[1].split("\t")[7].endswith("POP_AF=0.1;KNOWN_PARTS=POP_AF")
