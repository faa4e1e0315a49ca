"""Structural variants of a tumour in a gene panel: fractions, the bases at both ends, and what the policy reports."""

import random

import pysam
import pytest

from gms.annotation.class_fields import FREQUENCIES, NORMALS, NORMALS_HEADER, STRUCTURAL_HEADER
from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import header_lines, info, open_vcf, write_vcf
from gms.variants.structural.cases import counted_in_tumor
from gms.variants.structural.events import Breakend, Event
from gms.variants.structural.evidence import AtEnd, Evidence, Seen, Sequences, complexity, similarity
from gms.variants.structural.fragments import Library
from gms.variants.structural.genotypes import tumor_genotype
from gms.variants.structural.header import HEADER
from gms.variants.structural.records import column

LIBRARY = Library(2_000, 200, 400, 100, 110, 250, 380)


@pytest.mark.parametrize(
    ("ref", "alt", "copies", "low", "high"),
    [(0, 0, None, 0, 0), (500, 0, 0, 0, 0), (190, 10, 1, 60, 200), (9_997, 3, 1, 0, 0), (0, 20, 1, 500, 700)],
)
def test_support_of_a_tumour_is_over_fragments_joined_by_chance(ref, alt, copies, low, high):
    found = tumor_genotype(ref, alt)

    assert found.copies == copies and low <= found.support <= high


def test_the_deeper_end_gives_the_fraction():
    ends = [AtEnd(reference={f"r{n}" for n in range(90)}), AtEnd(reference={"x", "y"})]
    counted = counted_in_tumor(Evidence([Seen({f"s{n}" for n in range(10)}, set(), ends)]), LIBRARY)

    assert column(counted).split(":")[2:] == ["100", "90,10", "10", "0", "0.100"]


@pytest.fixture(scope="module")
def sequences(tmp_path_factory):
    """chr1: random bases, those of 1,000 to 1,300 again at 3,000 with a few differences, CA repeated at 5,000."""
    bases = random.Random(3).choices("ACGT", k=6_000)
    copied = bases[1_000:1_300]
    copied[10::40] = "A" * len(copied[10::40])
    bases[3_000:3_300], bases[5_000:5_300] = copied, "CA" * 150
    path = tmp_path_factory.mktemp("tumours") / "genome.fa"
    path.write_text(f">chr1\n{''.join(bases)}\n")
    with pysam.FastaFile(str(path)) as reference:
        yield Sequences(reference)


@pytest.mark.parametrize(
    ("first", "second", "alike", "simple"),
    [(1_150, 3_150, True, False), (400, 2_150, False, False), (400, 5_150, False, True)],
)
def test_bases_at_both_ends_are_compared(sequences, first, second, alike, simple):
    event = Event("DEL", Breakend("chr1", first, "3"), Breakend("chr1", second, "5"), ("delly",))

    assert (similarity(event, sequences) > 0.8) == alike
    assert (complexity(event, sequences) < 0.4) == simple


KNOWN = STRUCTURAL_HEADER + NORMALS_HEADER
FUSED = "FUSION=BCR::ABL1;FUSION_FRAME=kept"
EXPECTED = f"{FUSED};FUSION_EXPECTED=3"
GOOD = "IMPACT=HIGH;MAPQ=60;MAPQ0=0.00;SIMILARITY=0.50;COMPLEXITY=0.70"
# INFO, fragments of tumour (reference, junction, those with a read across it) and normal -> flags or section.
CASES = [
    (f"{GOOD};{EXPECTED}", (190, 10, 6), (200, 0), "expected"),
    (f"{GOOD};{EXPECTED}", (97, 3, 1), (200, 0), "expected"),
    (f"{GOOD};{EXPECTED}", (98, 2, 2), (200, 0), "FewFragmentsExpected;LowSupport"),
    (f"{GOOD};{FUSED}", (190, 10, 6), (200, 0), "in_frame"),
    (f"{GOOD};{FUSED}", (195, 5, 5), (200, 0), "FewFragments"),
    (f"{GOOD};{FUSED}", (190, 10, 1), (200, 0), "FewSplitReads"),
    (GOOD, (190, 10, 6), (200, 0), "other"),
    (f"{GOOD};{FUSED}", (190, 10, 6), (190, 10), "InNormal"),
    (f"{GOOD};{EXPECTED}", (504, 80, 40), (560, 24), "expected"),  # saliva holds cells of the leukaemia
    (f"{GOOD};{EXPECTED}", (100, 100, 40), (71, 29), "expected"),
    (f"{GOOD};{EXPECTED}", (100, 100, 40), (70, 30), "expected"),  # it is not inherited
    (f"{GOOD};GENE=BRCA1", (100, 100, 40), (100, 100), "InNormal"),
    (f"{GOOD};{EXPECTED}", (190, 10, 0), (200, 0), "NoSplitRead"),
    (f"{GOOD};{EXPECTED}".replace("MAPQ=60", "MAPQ=5"), (190, 10, 6), (200, 0), "Ambiguous"),
    (f"{GOOD};{EXPECTED}".replace("ARITY=0.50", "ARITY=0.93"), (190, 10, 6), (200, 0), "SimilarEnds"),
    (f"{GOOD};{EXPECTED}".replace("ITY=0.70", "ITY=0.10"), (190, 10, 6), (200, 0), "LowComplexity"),
    (f"{GOOD};{FUSED}".replace("HIGH", "MODIFIER"), (190, 10, 6), (200, 0), "NotCoding"),
    (f"{GOOD};{EXPECTED};SECOND", (190, 10, 6), (200, 0), "SecondMate"),
    (f"{GOOD};{EXPECTED}", (1_990, 10, 6), (200, 0), "LowVaf"),
    (f"{GOOD};{FUSED};SHADOW", (190, 10, 6), (200, 0), "Shadow"),
    (f"{GOOD};{EXPECTED};SHADOW", (190, 10, 6), (200, 0), "expected"),
    (f"{GOOD};{EXPECTED};NORMALS_COUNT=3;NORMALS_TOTAL=150", (190, 10, 6), (200, 0), "InNormals"),
    (f"{GOOD};{EXPECTED};NORMALS_COUNT=2;NORMALS_TOTAL=10", (190, 10, 6), (200, 0), "expected"),
    (f"{GOOD};{EXPECTED};NORMALS_COUNT=3;NORMALS_TOTAL=151", (190, 10, 6), (200, 0), "expected"),
    (f"{GOOD};{EXPECTED};SV_AF=0.01", (190, 10, 6), (200, 0), "PopulationFrequency"),
    (f"{GOOD};{EXPECTED};SV_AF=0.0099", (190, 10, 6), (200, 0), "expected"),
]


# The same with consent.
INHERITED = [
    (f"{GOOD};GENE=BRCA1", (100, 100, 40), (100, 100), "germline"),
    (f"{GOOD};{EXPECTED};GENE=ETV6", (100, 100, 40), (60, 40), "expected"),
    (f"{GOOD};GENE=PTEN", (100, 100, 40), (100, 100), "InNormal"),
    (f"{GOOD};GENE=BRCA1", (100, 100, 40), (10, 9), "InNormal"),  # fewer than 20 fragments
    (f"{GOOD};GENE=BRCA1", (190, 10, 6), (200, 0), "other"),
]


@pytest.mark.parametrize("consented, cases", [(False, CASES), (True, INHERITED)])
def test_what_the_policy_of_panels_reports(tmp_path, consented, cases):
    path, filtered = tmp_path / "annotated.vcf.gz", tmp_path / "filtered.vcf.gz"
    lines = []
    for number, (text, (ref, alt, split), normal, _) in enumerate(cases, 1):
        shown = [(ref, alt, split), (*normal, normal[1])]
        columns = [f"0/1:{a + b}:{a},{b}:{c}:{b / (a + b):.3f}" for a, b, c in shown]
        quality = f"{tumor_genotype(ref, alt).support:.0f}"
        fields = ["chr1", str(number), f"x{number}", "A", "<DEL>", quality, ".", text, "GT:DP:AD:SR:AF", *columns]
        lines.append("\t".join(fields) + "\n")
    write_vcf(
        [
            *header_lines({"chr1": 10_000}, f"{HEADER}{KNOWN}##gms_parts=genes,{FREQUENCIES},{NORMALS}\n", ["T", "N"]),
            *lines,
        ],
        path,
    )
    policy = load_policy(PROJECT / "config" / "filters" / "panel_structural.yaml", "structural")

    filter_vcf(path, policy, filtered, tmp_path / "reported.vcf.gz", {"tumor": "T", "normal": "N"}, consented=consented)

    with open_vcf(filtered) as records:
        rows = [line.split("\t") for line in records if not line.startswith("#")]
    found = [info(row[7])["SECTION"] if row[6] == "PASS" else row[6] for row in rows]
    assert found == [case[3] for case in cases]
