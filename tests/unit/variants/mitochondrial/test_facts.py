"""Files of MITOMAP and MitoTIP in the formats in which they are published, of this mitochondrion or refused."""

import pytest

from gms.variants.mitochondrial.facts import known_alleles, known_problem

#           1234567890123456
SEQUENCE = "ACGTCCCCATTTGACT"
VCF = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
TABLE = "Position\trCRS\tAlt\tMitoTIP_Score\tQuartile\tCount\tPercentage\tMitomap_Status\n"


def written(tmp_path, text):
    (tmp_path / "known.txt").write_text(text)
    return tmp_path / "known.txt"


@pytest.mark.parametrize(
    ("record", "allele"),
    [
        ("8 . C CC", ("4", "T", "TC")),  # an insertion at the right end of its run
        ("4 . TCC TCCC", ("4", "T", "TC")),  # padded
        ("11 . TT T", ("9", "AT", "A")),
        ("3 . GT GA", ("4", "T", "A")),
        ("3 . C CC", ("3", "C", "CC")),  # REF is another
        ("3 . G <DEL>", ("3", "G", "<DEL>")),
    ],
)
def test_alleles_are_spelled_as_our_records_are(tmp_path, record, allele):
    line = "MT\t" + "\t".join(record.split()) + "\t.\t.\tDisease=X;DiseaseStatus=Cfrm\n"
    found = known_alleles({"mitomap": str(written(tmp_path, VCF + line))}, SEQUENCE)
    assert found == {allele: {"MITOMAP_STATUS": "Cfrm", "MITOMAP_DISEASE": "X"}}


def test_the_table_of_mitotip_is_read_with_its_deletions(tmp_path):
    rows = "4\tT\tA\t12.7\tQ2\t0\t0\t\n8\tC\t:\t17.1\tQ1\t0\t0\t\n"
    found = known_alleles({"mitotip": str(written(tmp_path, TABLE + rows))}, SEQUENCE)
    assert found["4", "T", "A"] == {"MITOTIP_SCORE": "12.7", "MITOTIP_QUARTILE": "Q2"}
    assert found["4", "TC", "T"] == {"MITOTIP_SCORE": "17.1", "MITOTIP_QUARTILE": "Q1"}


GOOD = "MT\t4\t.\tT\tA\t.\t.\tDiseaseStatus=Cfrm;MitoTip_score=3\n"


@pytest.mark.parametrize(
    ("part", "text", "problem"),
    [
        ("mitomap", VCF + GOOD, None),
        ("mitotip", VCF + GOOD, None),
        ("mitotip", TABLE + "4\tT\tA\t12.7\tQ2\t0\t0\t\n", None),
        ("mitomap", TABLE + "4\tT\tA\t12.7\tQ2\t0\t0\t\n", "is neither a VCF with DiseaseStatus, Disease in INFO"),
        ("mitotip", "pos;score\n4;3\n", "nor MitoTIP's table (Position, rCRS, Alt, MitoTIP_Score, Quartile)"),
        ("mitotip", VCF + "MT\t4\t.\tT\tA\t.\t.\tScore=3\n", "has no MitoTip_score, MitoTip_quartile in INFO"),
        ("mitomap", VCF + GOOD.replace("\t4\t", "\t5\t"), "in 1 of 1 alleles (first at 5)"),
    ],
)
def test_other_files_are_refused_at_the_start(tmp_path, part, text, problem):
    found = known_problem(part, written(tmp_path, text), SEQUENCE)
    assert (found is None) if problem is None else problem in found


def test_without_a_mitochondrion_only_the_format_is_checked(tmp_path):
    assert known_problem("mitomap", written(tmp_path, VCF + GOOD), None) is None
