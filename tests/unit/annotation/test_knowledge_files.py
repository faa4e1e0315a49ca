"""Fields of knowledge files, and what a frequency is worth."""

import pytest

from gms.annotation.annotate import Population, population_fields
from gms.annotation.knowledge_files import columns_of, frequency_of

GNOMAD = {"AC", "AN", "AF", "AF_grpmax", "AN_grpmax", "fafmax_faf95_max"}


@pytest.mark.parametrize("defined, expected", [
    (GNOMAD, ("fafmax_faf95_max", "AN")),
    (GNOMAD - {"fafmax_faf95_max"}, ("AF_grpmax", "AN_grpmax")),
    ({"AF_popmax", "AF", "AN"}, ("AF_popmax", "AN")),
    ({"AF"}, ("AF", None)),
    ({"AF_joint", "AN_joint"}, ("AF_joint", "AN_joint")),
    ({"AC"}, None),
])  # fmt: skip
def test_the_most_cautious_frequency_is_used(defined, expected):
    assert frequency_of(defined) == expected


def test_columns_are_those_that_a_file_has():
    assert columns_of("clinvar", {"CLNSIG", "ONC"}) == "INFO/CLNSIG,INFO/ONC,INFO/CLINVAR_ID:=ID"
    assert columns_of("normals", {"PON_COUNT"}) == "INFO/PON_COUNT"


@pytest.mark.parametrize("info, expected", [
    ("POP_AF=0.5;POP_AN=9000;POP_FILTER=PASS", "POP_AF=0.5;POP_AN=9000;POP_FILTER=PASS;POP_FIELD=AF"),
    ("POP_AF=0.5;POP_AN=2000", "POP_AF=0.5;POP_AN=2000;POP_FIELD=AF"),
    ("POP_AF=0.5", "POP_AF=0.5;POP_FIELD=AF"),  # a file without numbers of alleles
    ("POP_AF=0.5;POP_AN=1999", "POP_AF_WEAK=0.5;POP_AN=1999;POP_STATE=weak;POP_FIELD=AF"),
    ("POP_AF=0.5;POP_FILTER=AC0", "POP_AF_WEAK=0.5;POP_FILTER=AC0;POP_STATE=weak;POP_FIELD=AF"),
    ("RPT=0", "RPT=0"),
])  # fmt: skip
def test_a_frequency_needs_evidence(info, expected):
    assert population_fields("1", info, Population("AF", frozenset("1"))) == expected


def test_a_contig_that_the_file_lacks_is_not_a_frequency_of_zero():
    assert population_fields("X", "RPT=0", Population("AF", frozenset("1"))) == "RPT=0;POP_STATE=no_contig"
    assert population_fields("X", "RPT=0", None) == "RPT=0"
