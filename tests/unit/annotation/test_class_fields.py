from types import SimpleNamespace

import pytest

from gms.annotation.annotate import FAMILY, Knowledge
from gms.annotation.class_fields import with_class_fields, with_structural_fields
from gms.annotation.commands import with_own_fields
from gms.annotation.facts import Facts
from gms.families.relatives import Member
from gms.genome.vcf import info, info_value
from gms.variants.mitochondrial.facts import known_alleles

MITOMAP = """\
##fileformat=VCFv4.2
#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO
MT	3243	.	A	G,T	.	.	AC=10,0;Disease=MELAS / DMDF,MM;DiseaseStatus=Cfrm-[P],Cfrm-[LP]
MT	8993	.	T	C	.	.	Disease="NARP; other, too";DiseaseStatus=Reported
"""


@pytest.fixture
def known(tmp_path):
    (tmp_path / "mitomap.vcf").write_text(MITOMAP)
    return known_alleles({"mitomap": str(tmp_path / "mitomap.vcf")}, "")


def test_each_allele_has_its_own_values(known):
    assert known["3243", "A", "G"] == {"MITOMAP_STATUS": "Cfrm-[P]", "MITOMAP_DISEASE": "MELAS_/_DMDF"}
    assert known["3243", "A", "T"]["MITOMAP_STATUS"] == "Cfrm-[LP]"


def test_records_get_what_is_known_whatever_the_contig_is_called(known):
    lines = ["##gms_parts=none\n#CHROM\tPOS\n", "chrM\t3243\t.\tA\tG\t.\t.\tTLOD=9\tGT\t0/1\n"]
    header, record = with_class_fields(lines, known, ["mitomap"])
    assert header.startswith("##gms_parts=mitomap\n") and "ID=MITOMAP_STATUS" in header
    assert record.split("\t")[7] == "TLOD=9;MITOMAP_STATUS=Cfrm-[P];MITOMAP_DISEASE=MELAS_/_DMDF"


PANEL = "LOG2=-2.000;MEASURED=CDKN2A;IMPRECISE"


@pytest.mark.parametrize(
    "kind, text, name",
    [
        ("DEL", "", "chr9:g.10293_11275del"),
        ("DEL", f"CIPOS=-500,0;CIEND=0,6322;{PANEL}", "chr9:g.(9792_10293)_(11275_17598)del"),
        ("DEL", f"CIPOS=0,0;CIEND=0,0;{PANEL}", "chr9:g.(?_10293)_(11275_?)del"),  # the outermost windows
        ("DUP", f"CIPOS=-500,0;CIEND=0,6322;{PANEL}", None),  # not known to be next to each other
        ("DEL", "CIPOS=-250,250;CIEND=-250,250;IMPRECISE", "chr9:g.(10042_10543)_(11025_11526)del"),
        ("DUP", "CIPOS=-250,250;CIEND=-250,250;IMPRECISE", "chr9:g.(10042_10543)_(11025_11526)dup"),
    ],
)
def test_uncertain_ends_of_an_event_are_ranges_in_its_hgvs_name(kind, text, name):
    record = f"chr9\t10292\tx\tN\t<{kind}>\t.\t.\tSVTYPE={kind};END=11275;{text}\tGT\t0/1\n"
    knowledge = Knowledge(None, None, Facts(), None, None, [], [])
    *_, line = with_structural_fields(["##gms_parts=none\n", record], knowledge, None)
    assert info_value(line.split("\t")[7], "HGVSG") == name


CHILD, MOTHER = Member("proband", "male", "yes"), Member("mother", "female", "no")
HTT = "chr4\t3074876\t.\tA\t<STR>,<STR45>\t.\t.\tInheritanceMode=AD\tGT:STATUS:ADSP"
NORMAL, LONG = "0/0:normal/normal:20", "0/2:normal/full_mutation:20"


def of_repeat(columns, father):
    """INFO of the repeat of HTT in a trio."""
    knowledge = Knowledge((), SimpleNamespace(lengths={}), Facts(), None, None, [CHILD, MOTHER, father], [FAMILY])
    lines = ["##contig=<ID=chr4,length=190214555>\n", "\t".join([HTT, *columns]) + "\n"]
    *_, record = with_own_fields(lines, "repeats", knowledge, {}, None)
    return info(record.split("\t")[7])


@pytest.mark.parametrize(("child", "father", "modes"), [
    ("intermediate", Member("father", "male", "no"), ("autosomal_dominant", None, None)),
    ("intermediate", Member("father", "male", "unknown"), ("autosomal_dominant", None, None)),
    ("intermediate", Member("father", "male", "yes"), ("autosomal_dominant", None, "shared_with_affected")),
    ("full_mutation", Member("father", "male", "no"), ("autosomal_dominant", "father", "unaffected_carrier")),
])  # fmt: skip
def test_fields_of_repeats_rest_on_relatives_who_are_shown(child, father, modes):
    """A healthy father's long allele of Huntington disease, of a child whose longest is intermediate or long."""
    found = of_repeat([f"0/1:normal/{child}:20", NORMAL, LONG], father)
    assert (found["MODES"], found.get("UNAFFECTED_WITH"), found.get("LABELS")) == modes


def test_an_intermediate_allele_is_not_new_by_parents_who_are_not_shown():
    found = of_repeat(["0/1:normal/intermediate:20", NORMAL, NORMAL], Member("father", "male", "no"))
    assert found["INHERITANCE"] == "autosomal_dominant"
