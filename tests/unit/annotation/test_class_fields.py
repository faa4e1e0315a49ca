import pytest

from gms.annotation.class_fields import with_class_fields
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
