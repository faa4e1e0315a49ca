"""Modes of inheritance of repeats by the states of the family's alleles. Each case is a locus of the catalogue."""

import pytest

from gms.families.relatives import Member
from gms.families.repeat_modes import family_fields, with_repeat_modes
from gms.genome.vcf import info

FULL, LONG, MIDDLE, NORMAL, OPEN = "full_mutation", "expanded", "intermediate", "normal", "undetermined"
CHILD, GIRL = Member("proband", "male", "yes"), Member("proband", "female", "yes")
MOTHER, FATHER = Member("mother", "female", "no"), Member("father", "male", "no")
ILL_MOTHER, ILL_BROTHER = MOTHER._replace(affected="yes"), Member("sibling", "male", "yes")


def of(acts, *family, kind="autosome"):
    """(modes, labels) of a family: (member, states of its alleles)."""
    columns = [f"./.:{'/'.join(states) or '.'}" for _, states in family]
    fields = ["chr1", "100", ".", "C", "<STR>", ".", ".", f"InheritanceMode={acts}", "GT:STATUS", *columns]
    found = info(";".join(family_fields(fields, [member for member, _ in family], kind)))
    return found.get("MODES"), found.get("LABELS", "")


@pytest.mark.parametrize(("acts", "family", "modes", "labels"), [
    ("AD", [(CHILD, (NORMAL, FULL))], "autosomal_dominant", ""),
    ("AD", [(CHILD, (NORMAL, NORMAL))], None, ""),
    ("AD", [(CHILD, (NORMAL, FULL)), (MOTHER, (NORMAL, NORMAL)), (FATHER, (NORMAL, NORMAL))], "de_novo", ""),
    ("AD", [(CHILD, (NORMAL, FULL)), (MOTHER, (NORMAL, NORMAL))], "autosomal_dominant", ""),
    ("AD", [(CHILD, (NORMAL, FULL)), (MOTHER, (NORMAL, MIDDLE)), (FATHER, (NORMAL, NORMAL))],
     "autosomal_dominant", "shorter_in_mother"),  # it has grown
    ("AD", [(CHILD, (NORMAL, FULL)), (MOTHER, (NORMAL, OPEN)), (FATHER, (NORMAL, NORMAL))],
     "de_novo,autosomal_dominant", "mother_not_informative"),
    ("AD", [(CHILD, (NORMAL, FULL)), (MOTHER, ()), (FATHER, (NORMAL, NORMAL))],
     "de_novo,autosomal_dominant", "mother_not_informative"),
    ("AD", [(CHILD, (NORMAL, FULL)), (ILL_MOTHER, (NORMAL, LONG)), (FATHER, (NORMAL, NORMAL))],
     "autosomal_dominant", "shared_with_affected"),
    ("AD", [(CHILD, (NORMAL, FULL)), (MOTHER, (NORMAL, FULL)), (FATHER, (NORMAL, NORMAL))],
     "autosomal_dominant", "unaffected_carrier"),
    ("AD", [(CHILD, (FULL, FULL)), (MOTHER, (NORMAL, FULL)), (FATHER, (NORMAL, FULL))],
     "autosomal_dominant", "unaffected_carrier"),
    ("AD", [(CHILD, (NORMAL, MIDDLE)), (MOTHER, (NORMAL, FULL)), (FATHER, (NORMAL, NORMAL))],
     "autosomal_dominant", "unaffected_carrier"),
])  # fmt: skip
def test_dominant_loci(acts, family, modes, labels):
    assert of(acts, *family) == (modes, labels)


@pytest.mark.parametrize(("acts", "family", "modes", "labels"), [
    ("AR", [(CHILD, (NORMAL, FULL))], "compound", "carrier_of_recessive"),
    ("AR", [(CHILD, (NORMAL, MIDDLE))], "none", ""),
    ("AR", [(CHILD, (FULL, FULL))], "recessive_homozygous", ""),
    ("AR", [(CHILD, (MIDDLE, FULL))], "compound", "carrier_of_recessive"),
    ("AR", [(CHILD, (FULL, FULL)), (ILL_BROTHER, (NORMAL, NORMAL))], "none", ""),
    ("AR", [(CHILD, (NORMAL, FULL)), (ILL_BROTHER, (NORMAL, NORMAL))], "none", "carrier_of_recessive"),
    ("AR", [(CHILD, (FULL,)), (ILL_BROTHER, (NORMAL, NORMAL))], "none", ""),
    ("AR", [(CHILD, (OPEN, FULL))], "recessive_homozygous,compound", ""),
    ("AR", [(CHILD, (FULL, LONG)), (MOTHER, (NORMAL, FULL)), (FATHER, (NORMAL, LONG))],
     "recessive_homozygous", "unaffected_carrier"),
    ("AR", [(CHILD, (FULL, FULL)), (MOTHER, (NORMAL, FULL)), (FATHER, (NORMAL, NORMAL))],
     "one_parent,compound", "unaffected_carrier"),
    ("AD,AR", [(CHILD, (FULL, FULL)), (MOTHER, (NORMAL, FULL)), (FATHER, (NORMAL, FULL))],
     "recessive_homozygous,autosomal_dominant", "unaffected_carrier"),
    ("AD,AR", [(CHILD, (NORMAL, FULL))], "autosomal_dominant", ""),
])  # fmt: skip
def test_recessive_loci(acts, family, modes, labels):
    assert of(acts, *family) == (modes, labels)


@pytest.mark.parametrize(("acts", "family", "modes", "labels"), [
    ("XR", [(CHILD, (FULL,)), (MOTHER, (NORMAL, FULL))], "x_linked_recessive", "unaffected_carrier,one_copy"),
    ("XD", [(CHILD, (FULL,)), (MOTHER, (NORMAL, MIDDLE)), (FATHER, (NORMAL,))],
     "x_linked_dominant", "shorter_in_mother,one_copy"),
    ("XR", [(CHILD, (FULL,)), (MOTHER, (NORMAL, NORMAL)), (FATHER, (MIDDLE,))], "de_novo", "one_copy"),
    ("XR", [(CHILD, (FULL,)), (MOTHER, (NORMAL, FULL)), (ILL_BROTHER, (NORMAL,))], "none",
     "unaffected_carrier,one_copy"),
    ("XR", [(CHILD, (FULL,)), (MOTHER, (NORMAL, NORMAL)), (FATHER, (NORMAL,))], "de_novo", "one_copy"),
    ("XR", [(GIRL, (NORMAL, FULL)), (MOTHER, (NORMAL, FULL))], "none", "carrier_of_recessive,unaffected_carrier"),
    ("XD", [(GIRL, (NORMAL, FULL)), (FATHER, (MIDDLE,))], "x_linked_dominant", "shorter_in_father"),
    ("XD", [(GIRL, (NORMAL, FULL)), (MOTHER, (NORMAL, FULL)), (FATHER, (NORMAL,))],
     "x_linked_dominant", "unaffected_carrier"),
])  # fmt: skip
def test_loci_on_x(acts, family, modes, labels):
    found = of(acts, *family, kind="x")
    assert (found[0], set(found[1].split(","))) == (modes, set(labels.split(",")))


def test_one_allele_on_x_of_a_child_without_a_stated_sex():
    child = Member("proband", "unknown", "yes")
    assert of("XR", (child, (FULL,)), kind="x") == ("x_linked_recessive", "sex_not_stated")


def test_an_ill_sibling_without_the_allele_rules_dominant_modes_out():
    sibling = Member("sibling", "female", "yes")
    assert of("AD", (CHILD, (NORMAL, FULL)), (sibling, (NORMAL, NORMAL)))[0] == "none"


def test_a_catalogue_without_inheritance_rules_nothing_out():
    assert of("", (CHILD, (FULL, FULL)))[0] == "recessive_homozygous"
    assert of("", (CHILD, (NORMAL, FULL)))[0] == "autosomal_dominant"


def test_healthy_carriers_are_named_and_normal_loci_are_left_as_they_are():
    head = "##contig=<ID=chrX,length=156040895>\n#CHROM\n"
    record = "chrX\t147912051\t.\tC\t<STR>\t.\t.\tInheritanceMode=XD\tGT:STATUS"
    long, normal = f"{record}\t1:full_mutation\t0/1:normal/full_mutation\n", f"{record}\t0:normal\t0/0:normal/normal\n"
    *_, one, other = with_repeat_modes([*head.splitlines(True), long, normal], [CHILD, MOTHER])
    assert info(one.split("\t")[7])["UNAFFECTED_WITH"] == "mother" and other == normal


@pytest.mark.parametrize(("acts", "states", "modes"), [
    ("AR", (NORMAL, FULL), "compound"),
    ("AR", (NORMAL, MIDDLE), "none"),
    ("AD,AR", (NORMAL, FULL), "autosomal_dominant"),  # of more than a lost function
    ("XR", (NORMAL, FULL), "none"),
])  # fmt: skip
def test_a_long_allele_of_a_recessive_locus_may_be_half_of_a_pair(acts, states, modes):
    assert of(acts, (CHILD, states))[0] == modes


def test_chromosomes_of_a_possible_half_and_cases_without_genes():
    fields = ["chr9", "5", ".", "C", "<STR>", ".", ".", "InheritanceMode=AR", "GT:STATUS"]
    fields += [f"0/1:{NORMAL}/{FULL}", f"0/1:{NORMAL}/{FULL}", f"0/0:{NORMAL}/{NORMAL}"]
    members = [CHILD, MOTHER, FATHER]
    found = info(";".join(family_fields(fields, members, "autosome")))
    assert (found["MODES"], found["ORIGIN"], found["PARENTS_WITH"]) == ("compound", "maternal", "mother")
    alone = info(";".join(family_fields(fields, members, "autosome", pairs=False)))
    assert alone["MODES"] == "none" and "ORIGIN" not in alone


def test_an_allele_opposite_of_a_deletion_is_half_of_a_pair_with_it():
    fields = ["chr9", "100", ".", "C", "<STR>", ".", ".", "InheritanceMode=AR;IN_TRANS=chr9:50:N:<DEL>", "GT:STATUS"]
    found = info(";".join(family_fields([*fields, f"1:{FULL}"], [CHILD], "autosome")))
    assert (found["MODES"], found["LABELS"]) == ("compound", "opposite_deletion")
