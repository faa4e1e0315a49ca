import pytest

from gms.families.info_fields import Family
from gms.families.relatives import Member
from gms.filtering.pairs import KEYS, Half, Partners, find_partners, half, paired, phase
from gms.genome.vcf import info


def one(allele: str, origin: str, unaffected: str = "", joined: str = "") -> Half:
    return Half(allele, frozenset(origin.split(",")), frozenset(filter(None, unaffected.split(","))), joined)


MOTHER = frozenset(["mother"])


@pytest.mark.parametrize("a, b, expected", [
    (one("a", "maternal"), one("b", "paternal"), "trans"),
    (one("a", "maternal"), one("b", "maternal"), None),
    (one("a", "maternal"), one("b", "maternal,paternal"), "unknown"),
    (one("a", "maternal,paternal"), one("b", "maternal,paternal"), "unknown"),
    (one("a", "maternal,paternal", "mother"), one("b", "paternal", "mother"), None),  # she has both and is well
    (one("a", "maternal", "mother"), one("b", "paternal", "father"), "trans"),
    (one("a", "maternal,paternal", "", "5:AA:CC"), one("b", "maternal,paternal", "", "5:AA:CC"), None),
    (one("a", "maternal,paternal"), one("a", "maternal,paternal"), None),
    (one("a", "maternal,paternal")._replace(cis=frozenset("b")), one("b", "maternal,paternal"), None),
    (one("a", "maternal,paternal")._replace(trans=frozenset("b")), one("b", "maternal,paternal"), "trans"),
    (one("a", "maternal,paternal", "", "w")._replace(trans=frozenset("b")), one("b", "maternal,paternal"), "trans"),
    (one("a", "maternal,paternal", "", "w"), one("b", "maternal,paternal")._replace(cis=frozenset("w")), None),
    (one("a", "maternal", "mother")._replace(trans=frozenset("b")), one("b", "maternal", "mother"), None),
    (one("a", "paternal")._replace(is_maybe_new=True), one("b", "paternal"), "unknown"),  # de novo on the other one
    (one("a", "maternal,paternal")._replace(parents=MOTHER), one("b", "paternal"), "probable"),
    (one("a", "maternal,paternal")._replace(parents=MOTHER), one("b", "maternal"), "unknown"),
    (one("a", "maternal,paternal")._replace(parents=MOTHER), one("b", "maternal,paternal"), "unknown"),
    (one("a", "maternal,paternal")._replace(parents=MOTHER | {"father"}), one("b", "paternal"), "unknown"),
])  # fmt: skip
def test_phase(a, b, expected):
    assert phase(a, b) == phase(b, a) == expected


def test_partners_name_each_other_in_each_gene():
    a, b, c = one("a", "maternal"), one("b", "paternal"), one("c", "maternal,paternal")
    found = find_partners([("G1", a), ("G1", b), ("G2", b), ("G2", c), ("G3", a)])
    assert found == {"a": Partners(("b",)), "b": Partners(("a",), ("c",)), "c": Partners((), ("b",))}


def record(modes: str) -> str:
    return f"chr1\t5\t.\tA\tT\t60\t.\tMODES={modes};INHERITANCE={modes.split(',')[0]};RPT=1\tGT\t0/1"


@pytest.mark.parametrize("modes, partners, expected", [
    ("compound", None, ("none", "none")),
    ("compound,pseudo_autosomal", None, ("none", "none")),
    ("autosomal_dominant,compound", None, ("autosomal_dominant", "autosomal_dominant")),
    ("autosomal_dominant,compound", Partners(("b",)), ("autosomal_dominant,compound", "compound")),
    ("autosomal_dominant,compound", Partners((), ("b",)), ("autosomal_dominant,compound", "autosomal_dominant")),
    ("compound", Partners(("b",), ("c", "d")), ("compound", "compound")),
])  # fmt: skip
def test_records_get_their_partners(modes, partners, expected):
    found = info(paired(record(modes), {"chr1:5:A:T": partners} if partners else {}).split("\t")[7])
    assert (found["MODES"], found["INHERITANCE"]) == expected
    named = tuple(tuple(filter(None, found.get(key, "").split(","))) for key in KEYS)
    assert named == tuple(partners or Partners())


def test_a_joined_allele_is_no_partner_of_its_parts_nor_they_of_each_other():
    whole = one("chr1:10:CG:AT", "maternal,paternal")
    parts = [one(f"chr1:{pos}", "maternal,paternal", joined=whole.allele) for pos in (10, 11)]
    assert phase(whole, parts[0]) is None and phase(parts[1], parts[0]) is None
    assert phase(parts[0], one("chr1:50", "maternal,paternal")) == "unknown"


COPIES = {0: "0/0:30,0:30:0:99", 1: "0/1:15,15:30:.5:99", 2: "1/1:0,30:30:1:90"}


def with_partners(alleles: list[tuple], copies: list[tuple], mother: str = "no", sex: str = "female") -> list[dict]:
    """INFO of a family's alleles (contig, pos, ref, alt) of one gene, after pairs were made; `copies` are those of
    proband, mother and father; `mother`: her status."""
    members = [Member("proband", sex, "yes"), Member("mother", "female", mother), Member("father", "male", "no")]
    family, records = Family(members, {"chrX": 84_000}, frozenset()), []
    for (contig, pos, ref, alt), numbers in zip(alleles, copies, strict=True):
        columns = [contig, str(pos), ".", ref, alt, "60", ".", "RPT=1", "GT:AD:DP:AF:GQ", *map(COPIES.get, numbers)]
        records.append("\t".join(family.annotated(columns, ["GENE"])))
    partners = find_partners([("GENE", half(record)) for record in records])
    return [info(paired(record, partners).split("\t")[7]) for record in records]


TWO = [("chr4", 431, "T", "A"), ("chr4", 1036, "C", "G")]


@pytest.mark.parametrize("mother", ["yes", "no", "unknown"])
@pytest.mark.parametrize("copies", [
    [(1, 2, 0), (1, 0, 1)],  # she has two copies of one half
    [(1, 1, 0), (1, 0, 1)],  # her other allele was not found
    [(1, 1, 1), (1, 1, 0)],  # her pair is her child's
])  # fmt: skip
def test_a_mother_with_the_recessive_disease_leaves_both_halves(copies, mother):
    """Pseudodominance. Only where she is healthy and has both alleles are they no pair."""
    is_pair = mother != "no" or copies[1][1] == 0
    found = with_partners(TWO, copies, mother)
    assert ["compound" in record["MODES"].split(",") for record in found] == [is_pair, is_pair]


@pytest.mark.parametrize("alleles, copies, sex", [
    ([("chr1", 100, "A" + "C" * 23, "A"), ("chr1", 110, "C", "T")], [(1, 0, 1), (2, 1, 0)], "female"),
    ([("chrX", 80_100, "C", "T"), ("chrX", 80_400, "G", "A")], [(1, 1, 0), (1, 0, 1)], "male"),
    ([("chrX", 80_100, "C", "T"), ("chrX", 80_400, "G", "A")], [(1, 1, 0), (1, 0, 1)], "female"),
], ids=["opposite of a deletion", "pseudo-autosomal, son", "pseudo-autosomal, daughter"])  # fmt: skip
def test_partners_that_are_not_two_heterozygous_autosomal_alleles(alleles, copies, sex):
    first, second = with_partners(alleles, copies, sex=sex)
    names = [":".join(map(str, allele)) for allele in alleles]
    assert [first["PARTNERS"], second["PARTNERS"]] == names[::-1]
    assert first["INHERITANCE"] == second["INHERITANCE"] == "compound"


def test_a_long_repeat_with_a_partner_is_no_carrier_s():
    text = "STR_STATUS=full_mutation;MODES=compound;INHERITANCE=compound;LABELS=carrier_of_recessive"
    line = f"chr9\t5\t.\tA\t<STR>,<STR12>\t.\t.\t{text}\tGT:STATUS\t1/2:full_mutation/normal"
    alone, with_other = (
        info(paired(line, known).split("\t")[7]) for known in ({}, {"chr9:5:A:<STR>": Partners(("chr9:9:A:T",))})
    )
    assert (alone["MODES"], alone["LABELS"]) == ("none", "carrier_of_recessive")
    assert (with_other["MODES"], with_other["PARTNERS"]) == ("compound", "chr9:9:A:T") and "LABELS" not in with_other


def test_a_healthy_carrier_of_a_long_repeat_decides_nothing():
    line = "chr9\t5\t.\tA\t<STR>\t.\t.\t{}ORIGIN=maternal,paternal;UNAFFECTED_WITH=mother\tGT\t0/1"
    assert half(line.format("STR_STATUS=expanded;")).unaffected == frozenset()
    assert half(line.format("")).unaffected == {"mother"}
