import pytest

from gms.families.info_fields import Family, certain_deletions, recurrent_events, reduced_penetrance_genes
from gms.families.relatives import Member
from gms.genome.ploidy import Ploidy
from gms.genome.vcf import info, write_vcf

MEMBERS = [Member("proband", "male", "yes"), Member("mother", "female", "no"), Member("father", "male", "no")]
NONE, HET, HOM = "0/0:30,0:30:0:99", "0/1:15,15:30:.5:99", "1/1:0,30:30:1:90"
GRCH38 = {"chrX": 156_040_895, "chrY": 57_227_415}


def annotated(family, contig, pos, ref, alt, *columns, genes=("G",)):
    fields = [contig, str(pos), ".", ref, alt, "60", ".", "RPT=1", "GT:AD:DP:AF:GQ", *columns]
    made = family.annotated(fields, genes)
    return info(made[7]), [column.partition(":")[0] for column in made[9:]]


@pytest.mark.parametrize(("child", "mother", "modes"), [
    ("0/1:5,4:9:.44:60", HET, "compound"),  # was shown as homozygous, from one parent only: a deletion or disomy
    ("0/1:1,8:9:.89:12", HET, "compound,one_parent"),
    ("1/1:0,9:9:1:27", HET, "one_parent,compound"),
    ("0/1:5,4:9:.44:60", NONE, "de_novo,compound"),
])  # fmt: skip
def test_a_heterozygous_child_is_not_first_shown_as_homozygous(child, mother, modes):
    found, _ = annotated(Family(MEMBERS, {}, frozenset()), "chr1", 100, "A", "T", child, mother, NONE)
    assert found["MODES"] == modes
    alone, _ = annotated(Family(MEMBERS[:1], {}, frozenset()), "chr1", 100, "A", "T", "0/1:.:.:.:.")
    assert alone["MODES"] == "autosomal_dominant,compound,recessive_homozygous"


def test_x_and_y_of_males_are_haploid_outside_of_the_pseudo_autosomal_regions():
    family = Family(MEMBERS, GRCH38, frozenset())
    found, genotypes = annotated(family, "chrX", 5_000_000, "A", "T", HOM, HET, NONE)
    assert genotypes == ["1", "0/1", "0"]
    assert found["MODES"] == "x_linked_recessive,x_linked_dominant"
    found, genotypes = annotated(family, "chrX", 2_781_479, "A", "T", HOM, HET, HET)
    assert genotypes == ["1/1", "0/1", "0/1"] and found["MODES"] == "recessive_homozygous,pseudo_autosomal"
    assert annotated(family, "chrX", 2_781_480, "A", "T", HOM, HET, NONE)[1] == ["1", "0/1", "0"]
    assert annotated(family, "chrX", 2_781_480, "A", "T", HOM, NONE, NONE)[0]["LABELS"] == "one_copy"
    assert annotated(family, "chrX", 2_781_480, "A", "T", HET, NONE, NONE)[0]["LABELS"] == "two_alleles_of_one_copy"
    assert annotated(family, "chrY", 5_000_000, "A", "T", HOM, NONE, HOM)[1] == ["1", "0/0", "1"]


def test_two_alleles_of_a_healthy_man_on_x_rule_nothing_out():
    family = Family([*MEMBERS, Member("sibling", "male", "no")], GRCH38, frozenset())
    for father, brother in ((HET, NONE), (NONE, HET), (HET, HET)):
        found, _ = annotated(family, "chrX", 5_000_000, "A", "T", HOM, HET, father, brother)
        assert found["MODES"] == "x_linked_recessive,x_linked_dominant"
    assert annotated(family, "chrX", 5_000_000, "A", "T", HOM, HET, NONE, HOM)[0]["MODES"] == "none"


def test_sex_chromosomes_of_who_has_no_sex_in_the_sheet():
    family = Family([Member("proband", "unknown", "yes"), MEMBERS[1]], GRCH38, frozenset())
    found, genotypes = annotated(family, "chrX", 5_000_000, "A", "T", HOM, NONE)
    assert genotypes == ["1/1", "0/0"] and found["LABELS"] == "sex_not_stated"  # one X, or two
    assert {"de_novo", "x_linked_dominant"} <= set(found["MODES"].split(","))  # of a girl, the father was not asked
    assert annotated(family, "chrY", 5_000_000, "A", "T", HOM, NONE)[1][0] == "1"


def test_pseudo_autosomal_regions_by_assembly():
    kinds = [Ploidy({"X": 155_270_560}).kind("X", pos) for pos in (60_000, 60_001, 2_699_521, 155_260_560)]
    assert kinds == ["x", "par", "x", "par"]
    assert Ploidy({"chrX": 84_000}).kind("chrX", 80_500) == "par"  # the beginning of a chromosome
    assert Ploidy({}).kind("chr7", 80_500) == "autosome" and Ploidy({}).kind("MT", 5) == "mitochondrion"


def test_an_allele_opposite_of_a_deletion_has_one_copy():
    family = Family(MEMBERS, {}, frozenset())
    annotated(family, "chr1", 100, "A" + "C" * 23, "A", HET, NONE, HET)
    found, genotypes = annotated(family, "chr1", 110, "C", "T", HOM, HET, NONE)
    assert genotypes == ["1", "0/1", "0/0"]
    assert (found["ORIGIN"], found["LABELS"]) == ("maternal", "unaffected_carrier,opposite_deletion")
    assert annotated(family, "chr1", 124, "C", "T", HOM, HET, NONE)[1][0] == "1/1"  # after its end
    assert annotated(family, "chr2", 110, "C", "T", HOM, HET, NONE)[1][0] == "1/1"


def test_relatives_are_named_by_role_and_reduced_penetrance_by_gene():
    members = [*MEMBERS, Member("sibling", "female", "no"), Member("sibling", "female", "yes")]
    family = Family(members, {}, reduced_penetrance_genes())
    found, _ = annotated(family, "chr1", 100, "A", "T", HET, HET, NONE, HET, HET, genes=["LMNA"])
    assert found["UNAFFECTED_WITH"] == "mother,sibling1"
    assert found["LABELS"] == "unaffected_carrier,shared_with_affected,reduced_penetrance"
    assert found["MODES"] == found["INHERITANCE"] + ",compound" == "autosomal_dominant,compound"


def test_a_duplication_of_a_healthy_parent_is_inherited():
    family = Family(MEMBERS, {}, frozenset())
    found, _ = annotated(family, "chr1", 100, "A", "<DUP>", "0/1:20,10:30:.33:60", "0/1:23,7:30:.23:60", NONE)
    assert (found["MODES"], found["UNAFFECTED_WITH"]) == ("compound", "mother")


@pytest.mark.parametrize(
    ("alt", "genes", "stays"),
    [
        ("<DEL>", ["ALDOA", "MAPK3", "PRRT2", "TBX6"], True),  # 16p11.2, of a healthy mother
        ("<DUP>", ["ALDOA", "MAPK3", "PRRT2", "TBX6"], True),
        ("<DEL>", ["TBX6"], False),  # a part of the region
        ("<DUP>", ["KLF13", "OTUD7A"], False),  # 15q13.3 is listed as a loss
        ("<DEL>", ["TBX1", "COMT", "HIRA"], True),
        ("<DEL>", ["NRXN1"], True),
        ("<DEL>", ["MAGEL2"], True),
    ],
)
def test_recurrent_events_of_a_healthy_parent_stay(alt, genes, stays):
    family = Family(MEMBERS, {}, reduced_penetrance_genes(), recurrent=recurrent_events())
    found, _ = annotated(family, "chr16", 100, "A", alt, HET, HET, NONE, genes=genes)
    assert ("autosomal_dominant" in found["MODES"].split(",")) is stays
    assert ("reduced_penetrance" in found["LABELS"]) is stays


def test_what_the_child_does_not_carry_gets_no_modes():
    assert annotated(Family(MEMBERS, {}, frozenset()), "chr1", 100, "A", "T", NONE, HET, NONE)[0] == {"RPT": "1"}


def test_certain_deletions_of_each_sample(tmp_path):
    samples = ["0/1:40\t0/0:99", "0/1:19\t1/1:99", "0/1:40\t0/1:40"]
    kinds = ("<DEL>", "<DEL>", "<DUP>")
    head = ["##fileformat=VCFv4.3\n", "##contig=<ID=chr1,length=9000>\n"]
    head.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tC\tM\n")
    rows = zip((100, 200, 300), kinds, samples, strict=True)
    lines = [f"chr1\t{pos}\t.\tN\t{alt}\t60\t.\tEND=900\tGT:GQ\t{columns}\n" for pos, alt, columns in rows]
    write_vcf([*head, *lines], tmp_path / "a.vcf.gz")
    assert list(certain_deletions(tmp_path / "a.vcf.gz")) == [(0, "chr1", 100, 900, "chr1:100:N:<DEL>")]


def test_alleles_on_y_of_a_woman_are_labelled():
    """Reads of X in the region that was copied to Y; a woman by the sheet may have a Y and a variant of SRY."""
    family = Family([Member("proband", "female", "yes"), *MEMBERS[1:]], GRCH38, frozenset())
    found, genotypes = annotated(family, "chrY", 5_000_000, "A", "T", HOM, NONE, NONE)
    assert found["LABELS"] == "y_of_a_woman" and genotypes[0] == "1/1"
    pseudo_autosomal, _ = annotated(family, "chrY", 2_000_000, "A", "T", HOM, HET, HET)
    assert "y_of_a_woman" not in pseudo_autosomal.get("LABELS", "")


def test_a_translocation_of_x_and_an_autosome_has_the_modes_of_both():
    girl, boy = ([Member("proband", sex, "yes"), *MEMBERS[1:]] for sex in ("female", "male"))
    for contig, mate in (("chr1", "A[chrX:31000000["), ("chrX", "A]chr1:31000000]")):
        found, genotypes = annotated(Family(boy, GRCH38, frozenset()), contig, 31_000_000, "A", mate, HET, HET, NONE)
        assert found["MODES"] == "x_linked_recessive,x_linked_dominant,compound" and genotypes == ["0/1", "0/1", "0/0"]
        assert found["LABELS"] == "unaffected_carrier"
        new, _ = annotated(Family(girl, GRCH38, frozenset()), contig, 31_000_000, "A", mate, HET, NONE, NONE)
        assert new["INHERITANCE"] == "de_novo"
    within, _ = annotated(Family(boy, GRCH38, frozenset()), "chrX", 31_000_000, "A", "A]chrX:40000000]", HOM, HET, NONE)
    assert within["MODES"] == "x_linked_recessive,x_linked_dominant"


@pytest.mark.parametrize(
    ("alt", "end", "genotype", "modes"),
    [
        ("<DUP>", 9_000_000, "1", "x_linked_recessive,x_linked_dominant"),  # 6 of 9 Mb are on X alone
        ("<DEL>", 9_000_000, "1", "x_linked_recessive,x_linked_dominant"),
        ("<DUP>", 3_000_000, "1/.", "autosomal_dominant,compound,pseudo_autosomal,recessive_homozygous"),
        ("<DEL>", 3_000_000, "1/1", "recessive_homozygous,pseudo_autosomal"),
    ],
)
def test_an_event_over_the_border_of_a_pseudo_autosomal_region_is_where_most_of_it_is(alt, end, genotype, modes):
    copies = {"<DUP>": "1/1:99:2:999:5000", "<DEL>": "1/1:99:0:999:0"}[alt]
    fields = ["chrX", "20000", ".", "N", alt, "99", ".", f"SVTYPE={alt[1:4]};END={end}", "GT:GQ:CN:CQ:DP", copies]
    made = Family(MEMBERS[:1], GRCH38, frozenset()).annotated(fields, ["SHOX"])
    assert made[9].partition(":")[0] == genotype and info(made[7])["MODES"] == modes
    at_the_end = [*fields[:1], str(156_030_000 - end), *fields[2:7], f"SVTYPE={alt[1:4]};END=156030000", *fields[8:]]
    from_x = Family(MEMBERS[:1], GRCH38, frozenset()).annotated(at_the_end, ["SHOX"])
    assert from_x[9].partition(":")[0] == "1"


def of_child(sex, contig, alt, *columns, info_text="RPT=1"):
    """LABELS and MODES of the child of MEMBERS with these sex chromosomes, and its genotype."""
    members = [Member("proband", sex, "yes"), *MEMBERS[1:]]
    fields = [contig, "5000000", ".", "A", alt, "60", ".", info_text, "GT:AD:DP:AF:GQ", *columns]
    made = Family(members, GRCH38, frozenset()).annotated(fields, ["G"])
    found = info(made[7])
    return found.get("LABELS"), found["MODES"], made[9].partition(":")[0]


def test_the_only_x_of_a_girl_is_haploid():
    """45,X: a variant of a recessive gene on it causes the disease, as in a boy."""
    hemizygous = ("unaffected_carrier,one_copy", "x_linked_recessive,x_linked_dominant", "1")
    assert of_child("X", "chrX", "T", HOM, HET, NONE) == hemizygous
    assert of_child("XY", "chrX", "T", HOM, HET, NONE) == hemizygous
    assert of_child("XX", "chrX", "T", HOM, HET, NONE) == (
        "unaffected_carrier",
        "one_parent,x_linked_dominant,compound",
        "1/1",
    )
    assert of_child("X", "chrX", "T", HET, HET, NONE)[0] == "unaffected_carrier,two_alleles_of_one_copy"


def test_two_x_of_a_boy_have_two_alleles():
    carrier = ("unaffected_carrier,two_x_of_a_male", "x_linked_dominant,compound", "0/1")
    assert of_child("XXY", "chrX", "T", HET, HET, NONE) == carrier
    assert of_child("XXY", "chrX", "T", HOM, HET, NONE)[1:] == ("x_linked_recessive,x_linked_dominant", "1/1")
    assert of_child("XXY", "chrY", "T", HOM, NONE, NONE) == ("one_copy", "de_novo", "1")
    assert of_child("XYY", "chrX", "T", HOM, HET, NONE)[::2] == ("unaffected_carrier,one_copy", "1")
    assert of_child("XYY", "chrY", "T", HOM, NONE, HOM)[2] == "1/1"


def test_depth_without_y_says_so():
    assert of_child("XX", "chrY", "T", HOM, NONE, NONE)[0] == of_child("X", "chrY", "T", HOM, NONE, NONE)[0] == "no_y"
    assert of_child("female", "chrY", "T", HOM, NONE, NONE)[0] == "y_of_a_woman"
    # A junction of X and a piece of Y is how a person without a Y comes by its SRY.
    assert of_child("XX", "chrX", "A[chrY:3000000[", HET, NONE, NONE)[0] is None


def test_a_gain_on_y_that_depth_shows_is_not_said_to_be_without_y():
    """A piece of Y with SRY on an X of a girl or man with two X: depth finds it, and calls the sex chromosomes XX."""
    fields = ["chrY", "2785000", ".", "A", "<DUP>", "60", ".", "END=2900000", "GT:GQ:CN", "0/1:60:1", *["0/0:60:0"] * 2]
    members = [Member("proband", "XX", "yes"), *MEMBERS[1:]]
    assert "LABELS" not in info(Family(members, GRCH38, frozenset()).annotated(fields, ["SRY"])[7])


def test_measured_sex_chromosomes_of_a_parent_are_not_those_of_the_role():
    members = [MEMBERS[0], Member("mother", "X", "no"), Member("father", "XXY", "no")]
    found, genotypes = annotated(Family(members, GRCH38, frozenset()), "chrX", 5_000_000, "A", "T", HOM, NONE, HET)
    assert genotypes == ["1", "0", "0/1"] and found["MODES"] == "de_novo"


@pytest.mark.parametrize(
    ("sex", "alt", "genotype", "same"), [("X", "<DEL>", "0/1", "female"), ("XXY", "<DUP>", "1/1", "male")]
)
def test_a_whole_chromosome_is_lost_or_gained_from_the_usual_copies(sex, alt, genotype, same):
    column = genotype + HET[3:]
    lost = [of_child(one, "chrX", alt, column, NONE, NONE, info_text="WHOLE;END=150000000") for one in (sex, same)]
    assert lost[0] == lost[1]
