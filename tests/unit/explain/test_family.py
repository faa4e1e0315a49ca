from gms.explain.family import Kin, explain_family
from gms.families.relatives import Member
from gms.genome.ploidy import Ploidy

MEMBERS = [Member("proband", "male", "yes"), Member("mother", "female", "no"), Member("father", "male", "unknown")]


def lines(info: str, *columns: str, contig: str = "chr1") -> list[str]:
    return list(
        explain_family(
            Kin(MEMBERS, Ploidy({})),
            "\t".join([contig, "5", ".", "A", "T", "60", ".", info, "GT:AD:DP:GQ", *columns]),
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
    assert on_x[2].endswith("not informative (two alleles where a man has one copy), rules nothing out")
    assert on_one[2].endswith("certain with one copy")
