"""Large deletions of the mitochondrion have a name and modes, and reads tell whether a mother lacks an allele."""

import pytest

from gms.families.info_fields import Family
from gms.families.mitochondrial_events import with_mitochondrial_events
from gms.families.relatives import Member
from gms.genome.vcf import info

MEMBERS = [Member("proband", "male", "yes"), Member("mother", "female", "no"), Member("father", "male", "no")]
HEAD = ["##contig=<ID=chrM,length=16569>\n", "#CHROM\n"]
KEYS = "GT:AD:DP:AF"


def record(alt="<DEL>", text="SVTYPE=DEL;END=13446;SVLEN=-4977", mother="0/0:900,0:900:0"):
    columns = ["0/1:800,100:900:0.111", mother, "0/0:900,0:900:0"]
    return "\t".join(["chrM", "8469", ".", "T", alt, ".", ".", text, KEYS, *columns]) + "\n"


def annotated(line):
    *_, last = with_mitochondrial_events([*HEAD, line], MEMBERS, {"chrM": "NC_012920.1"})
    return info(last.rstrip("\n").split("\t")[7])


def test_a_large_deletion_has_a_name_and_the_mitochondrial_mode():
    found = annotated(record())
    assert (found["HGVSG"], found["MODES"]) == ("NC_012920.1:m.8470_13446del", "mitochondrial")
    assert found["SVLEN"] == "-4977" and "LABELS" not in found


@pytest.mark.parametrize(("alt", "pos", "text", "name"), [
    ("<DEL>", 8469, "END=13446;SVLEN=-4977;HOMLEN=13", "m.8483_13459del"),  # the common deletion
    ("<DEL>", 8469, "END=13446;SVLEN=-4977;HOMLEN=0", "m.8470_13446del"),
    ("<DUP>", 302, "END=567;SVLEN=265;HOMLEN=6", "m.309_573dup"),
    ("<DUP>", 1, "END=500;SVLEN=500;HOMLEN=0", "m.1_500dup"),  # no base before the first one
    ("<DUP>", 1, "END=500;SVLEN=499;HOMLEN=2", "m.4_502dup"),
    ("<DUP>", 8469, "END=9000", "m.8470_9000dup"),
    ("<DUP>", 500, "END=16200;SVLEN=15700;HOMLEN=3", "m.16204_503del"),  # the rest, across the origin
    ("<DUP>", 1, "END=16560;SVLEN=16560;HOMLEN=0", "m.16561_16569del"),
])  # fmt: skip
def test_names_have_the_most_3_prime_place(alt, pos, text, name):
    line = record(alt, f"SVTYPE={alt[1:-1]};{text}").replace("\t8469\t", f"\t{pos}\t")
    assert annotated(line)["HGVSG"] == f"NC_012920.1:{name}"


def test_records_with_bases_are_left_as_they_are():
    small = record("C", "TLOD=9")
    *_, last = with_mitochondrial_events([*HEAD, small], MEMBERS, {})
    assert last == small


@pytest.mark.parametrize(("mother", "label"), [
    ("0/0:900,0:900:0", None), ("0/0:159,1:160:0.006", None), ("0/0:158,1:159:0.006", "mother_not_informative"),
    ("0/0:12,0:12:0", "mother_not_informative"), ("./.:0,0:0:.", "mother_not_informative"),
    ("1/1:3,897:900:0.997", "unaffected_carrier"), ("0/1:450,450:900:0.5", "unaffected_carrier"),
    ("1/1:0,12:12:1", "unaffected_carrier"), ("0/1:5,4:9:0.444", "mother_not_informative"),
    ("0/0:898,2:900:0.002", "unaffected_carrier"), ("0/0:4996,4:5000:0.0008", None),
    ("0/1:800,100:900:0.111", "unaffected_carrier"),
])  # fmt: skip
def test_reads_tell_whether_a_mother_lacks_an_allele(mother, label):
    family = Family(MEMBERS, {"chrM": 16_569}, frozenset())
    fields = family.annotated(record("C", "TLOD=9", mother).rstrip("\n").split("\t"), [])
    assert info(fields[7]).get("LABELS") == label


@pytest.mark.parametrize(("alt", "mother", "label"), [
    ("C", "0/1:4994,6:5000:0.0012", "mother_not_informative"),  # base qualities say more than the share of errors
    ("<DEL>", "0/1:4994,6:5000:0.0012", "unaffected_carrier"),
    ("<DUP>", "0/1:4994,6:5000:0.0012", "unaffected_carrier"),
    ("<DEL>", "0/1:4999,1:5000:0.0002", None),
])  # fmt: skip
def test_few_reads_of_a_deep_mitochondrion_may_be_errors_but_no_split_reads(alt, mother, label):
    family = Family(MEMBERS, {"chrM": 16_569}, frozenset())
    fields = family.annotated(record(alt, mother=mother).rstrip("\n").split("\t"), [])
    assert info(fields[7]).get("LABELS") == label


@pytest.mark.parametrize(("affected", "label", "healthy"), [
    ("no", "unaffected_carrier", "mother"), ("yes", "shared_with_affected", None), ("unknown", None, None),
])  # fmt: skip
def test_a_mother_who_carries_an_allele_is_named_and_a_father_is_not(affected, label, healthy):
    members = [MEMBERS[0], Member("mother", "female", affected), MEMBERS[2]]
    line = record("C", "TLOD=9", "1/1:3,897:900:0.997").replace("0/0:900,0:900:0\n", "0/1:450,450:900:0.5")
    found = info(Family(members, {"chrM": 16_569}, frozenset()).annotated(line.split("\t"), [])[7])
    assert (found.get("LABELS"), found.get("UNAFFECTED_WITH")) == (label, healthy)
