import pytest

from gms.explain.family import Kin, explain_family
from gms.families.relatives import Member
from gms.genome.ploidy import Ploidy

MEMBERS = [Member("proband", "male", "yes"), Member("mother", "female", "no"), Member("father", "male", "unknown")]


def lines(info: str, *columns: str, contig: str = "chr1", alt: str = "T") -> list[str]:
    return list(
        explain_family(
            Kin(MEMBERS, Ploidy({})),
            "\t".join([contig, "5", ".", "A", alt, "60", ".", info, "GT:AD:DP:GQ", *columns]),
        )
    )


def test_what_each_relative_decides_is_said():
    info = (
        "MODES=de_novo,compound;INHERITANCE=compound;ORIGIN=maternal;LABELS=mother_not_informative;PARTNERS=chr1:9:A:T"
    )
    assert lines(info, "0/1:9,9:18:99", "0/0:8,0:8:24", "0/0:30,0:30:90") == [
        "Family:",
        "  mother     unaffected; 0/0, 0 of 8 reads, quality 24: not informative "
        "(needs 10 reads and genotype quality 20), rules nothing out",
        "  father     status unknown, rules nothing out; 0/0, 0 of 30 reads, quality 90: certain without it",
        "  possible modes: de novo, compound",
        "  shown as: compound",
        "  chromosome: maternal",
        "  notes: mother not informative",
        "  in trans with: chr1:9:A:T",
    ]


def test_a_record_without_modes_says_nothing():
    assert lines("RPT=1", "0/0:9,0:9:99", "0/1:9,9:18:99", "./.:0,0:0:.") == []


def test_no_reads_and_no_mode():
    found = lines("MODES=none", "0/1:9,9:18:99", "1/1:0,30:30:99", "./.:0,0:0:.")
    assert found[1].endswith("certain with two copies") and found[2].endswith("no reads: rules nothing out")
    assert found[3] == "  possible modes: none: certain genotypes rule out all"


def test_two_alleles_of_a_man_on_x_are_not_informative_as_for_the_modes():
    on_x, on_one = (
        lines("MODES=x_linked_recessive", "1:0,30:30:99", "0/1:15,15:30:99", "0/1:15,15:30:99", contig=contig)
        for contig in ("chrX", "chr1")
    )
    assert on_x[1].endswith("certain with one copy")  # the mother
    assert on_x[2].endswith("not informative (two alleles where there is one copy), rules nothing out")
    assert on_one[2].endswith("certain with one copy")


def test_a_tandem_duplication_of_a_man_s_x_is_no_mosaic():
    """One junction stands against two ends of the reference: 20 % of the fragments are one copy of two."""
    columns = ["0/1:24,6:30:60"] * 3
    on_x = lines("MODES=x_linked_recessive", *columns, contig="chrX", alt="<DUP>")
    assert on_x[2].endswith("not informative (two alleles where there is one copy), rules nothing out")
    assert lines("MODES=autosomal_dominant", *columns, alt="<DUP>")[2].endswith("certain with one copy")


def test_of_a_junction_of_x_and_an_autosome_both_ends_are_explained():
    found = lines("MODES=x_linked_dominant", *["0/1:15,15:30:99"] * 3, alt="A[chrX:9[")
    assert found[1] == "  mother     unaffected; 0/1, 15 of 30 reads, quality 99: certain with one copy"
    assert found[2] == (
        "  father     status unknown, rules nothing out; 0/1, 15 of 30 reads, quality 99: certain with one copy"
        " (as an autosome); 0/1, 15 of 30 reads, quality 99: not informative (two alleles where there is one copy),"
        " rules nothing out (as X)"
    )


@pytest.mark.parametrize(("mother", "says"), [
    ("0/0:900,0:900", "0 of 900 reads: less than 3 % of this sample's molecules have it (95 %); other tissues may"
     " have more"),
    ("0/0:12,0:12", "0 of 12 reads: not informative (needs 160 reads without it), rules nothing out"),
    ("0/0:890,10:900", "10 of 900 reads: carries it in less than a quarter of the molecules"),
    ("1/1:3,897:900", "897 of 900 reads: carries it"),
    ("0/1:4994,6:5000", "6 of 5000 reads: not informative (so few reads with it may be errors), rules nothing out"),
    ("./.:0,0:0", "0 of 0 reads: not informative (needs 160 reads without it), rules nothing out"),
])  # fmt: skip
def test_reads_of_a_mitochondrion_tell_whether_a_mother_has_it(mother, says):
    fields = ["chrM", "5", ".", "A", "T", "60", ".", "MODES=mitochondrial", "GT:AD:DP", "0/1:800,100:900", mother]
    *_, of_mother, of_father, _ = explain_family(Kin(MEMBERS, Ploidy({})), "\t".join([*fields, "1/1:3,897:900"]))
    assert of_mother == f"  mother     unaffected; {says}"
    assert of_father.endswith("; 897 of 900 reads: mitochondria come from the mother: rules nothing out")


def test_of_a_repeat_the_states_of_alleles_decide():
    def of(modes, *columns, keys="GT:REPCI:STATUS"):
        fields = ["chr4", "5", ".", "A", "<STR>", ".", ".", f"STR_STATUS=expanded;MODES={modes}", keys]
        return list(explain_family(Kin(MEMBERS, Ploidy({})), "\t".join([*fields, *columns])))

    child = "0/1:17-17/40-.:normal/expanded"
    found = of("de_novo,autosomal_dominant", child, "0/0:17-17/28-33:normal/intermediate", "./.:.:.")
    assert found[1:3] == [
        "  mother     unaffected; 17 copies (normal), 28-33 copies (intermediate): shorter or not determined, "
        "rules nothing out",
        "  father     status unknown, rules nothing out; no alleles: shorter or not determined, rules nothing out",
    ]
    hidden = of("none", "0/1:17-17/30-30:normal/intermediate", "./.:.:.:.", "./.:.:.:.", keys="GT:REPCI:STATUS:ADSP")
    assert hidden[1] == "  mother     unaffected; not shown: the index has no long allele"
    found = of("none", child, "0/1:17-17/50-.:normal/full_mutation", "0/0:17-17/18-18:normal/normal")
    assert found[1].endswith("50 or more copies (full mutation): certain with one copy")
    assert found[2].endswith("18 copies (normal): certain without it")
    assert found[3] == "  possible modes: none: certain genotypes or the inheritance of the locus rule out all"


def test_a_relative_with_two_copies_more_is_certain_with_it():
    found = lines("MODES=autosomal_dominant", "1/.:9,9:18:99", "1/.:9,9:18:99", "1/.:9,9:18:9")
    assert "certain with it, on one chromosome or both" in found[1] and "probably with it" in found[2]


def test_the_sex_chromosomes_that_decide_on_x_are_named():
    members = [MEMBERS[0]._replace(sex="XXY"), *MEMBERS[1:], Member("sibling", "unknown", "no")]
    columns = ["0/1:15,15:30:99", "0/1:15,15:30:99", "0:30,0:30:99", "0/0:30,0:30:99"]
    fields = ["chrX", "5", ".", "A", "T", "60", ".", "MODES=x_linked_dominant", "GT:AD:DP:GQ", *columns]
    found = list(explain_family(Kin(members, Ploidy({})), "\t".join(fields)))
    assert found[4] == (
        "  sex chromosomes: proband XXY by depth, mother XX by the sheet, father XY by the sheet, sibling not known"
    )


def test_of_copies_by_depth_their_mean_is_named():
    columns = ["0/1:99:1:900:800:0.96,1.04", "0/0:99:2:0:1300:1.52,1.63", "0/0:99:2:0:1800:1.95,2.05"]
    fields = ["chr1", "5", ".", "N", "<DEL>", "60", ".", "MODES=de_novo", "GT:GQ:CN:CQ:DP:CICN", *columns]
    found = list(explain_family(Kin(MEMBERS, Ploidy({})), "\t".join(fields)))
    assert "2 copies (mean 1.52 to 1.63) by 1300 reads" in found[1] and "copies between two numbers" in found[1]
    assert found[2].endswith("certain without it")


def test_of_a_chromosome_that_is_lost_as_a_whole_the_usual_copies_count():
    """A sister with 45,X: the loss itself is one of two X."""
    members = [MEMBERS[0]._replace(sex="X"), Member("sibling", "X", "no")]
    fields = ["chrX", "5", ".", "N", "<DEL>", "60", ".", "{}MODES=none", "GT:GQ:CN", "0/1:99:1", "0/1:99:1"]
    found = [
        list(explain_family(Kin(members, Ploidy({})), "\t".join(fields).format(whole)))[1] for whole in ("WHOLE;", "")
    ]
    assert found[0].endswith("certain with one copy")
    assert found[1].endswith("not informative (two alleles where there is one copy), rules nothing out")
