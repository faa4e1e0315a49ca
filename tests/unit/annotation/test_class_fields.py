import pytest

from gms.annotation.annotate import Knowledge
from gms.annotation.class_fields import with_class_fields, with_structural_fields
from gms.annotation.facts import Facts
from gms.genome.vcf import info_value
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
