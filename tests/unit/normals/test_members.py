"""Normals of finished results: who is taken, who is left out, who may not use a baseline."""

import gzip
from hashlib import sha256
from types import SimpleNamespace

import pytest

from gms.base.json_tables import write_json
from gms.base.problems import Findings
from gms.biomarkers.msi_baseline import make_baseline, write_baseline
from gms.biomarkers.repeat_lengths import Site, Slippage
from gms.genome.fastq import head_digest
from gms.genome.vcf import write_vcf
from gms.normals.background import DEFINITIONS, GENOME_DEFINITIONS, header_of_panel
from gms.normals.checks import check_panels
from gms.normals.members import (
    Normal,
    NormalRefused,
    NothingFinished,
    find_normals,
    first_reads,
    has_molecules,
    member,
    target_bases,
)
from gms.qc.fingerprint import HEADER
from gms.qc.relations import aligned, kinship, on_sites
from gms.variants.panel_copies.reference import Reference, Window, write_reference

SAMPLES = [("T1", "tumor", "pass"), ("N1", "normal", "pass"), ("N2", "normal", "fail"), ("N3", "normal", "warn")]


@pytest.fixture
def results(tmp_path):
    for folder in ("report", "qc", "alignment"):
        (tmp_path / folder).mkdir()
    for number, (name, role, verdict) in enumerate(SAMPLES):
        document = {"case": {"assay": "panel_solid"}, "samples": [{"sample": name, "role": role}]}
        write_json(tmp_path / "report" / f"C{number}.json", document)
        write_json(tmp_path / "qc" / f"{name}.qc.json", {"verdict": verdict})
        (tmp_path / "alignment" / f"{name}.cram").write_bytes(name.encode())
    return tmp_path


def test_normals_that_passed_are_taken(results):
    taken, left_out = find_normals([results, results], "panel_solid", frozenset())
    assert [normal.name for normal in taken] == ["N1", "N3"]
    assert left_out == {"T1": "is a tumor; a panel is made of normals", "N2": "failed its quality control"}


def test_the_same_reads_under_two_names_are_taken_once(results):
    (results / "alignment" / "N3.cram").write_bytes(b"N1")
    assert find_normals([results], "panel_solid", frozenset())[1]["N3"] == "is the same reads as N1"


def test_the_same_reads_are_recognised_though_the_cram_holds_the_name(results):
    """One normal in the cases of two tumours of a patient: its CRAM files differ by @RG SM."""
    for name, heads in (("N1", ["a", "b"]), ("N3", ["c", "a"])):
        write_json(results / "alignment" / f"{name}.reads.json", {"first_reads": heads})
    assert find_normals([results], "panel_solid", frozenset())[1]["N3"] == "is the same reads as N1"
    write_json(results / "alignment" / "N3.reads.json", {"first_reads": ["c"]})
    first_reads.cache_clear()
    assert "N3" not in find_normals([results], "panel_solid", frozenset())[1]


COUNTS = {0: "60\t0", 1: "30\t30", 2: "0\t60"}  # genotype -> reads with the reference and with the other allele


def write_fingerprint(results, name, genotypes):
    rows = (f"chr1\t{n}\tA\tG\t0.3\tL1\t{COUNTS[one]}\t0\n" for n, one in enumerate(genotypes, 1))
    (results / "qc" / f"{name}.fingerprint.tsv").write_text("\t".join(HEADER) + "\n" + "".join(rows))


def test_a_person_is_taken_once_and_siblings_of_a_panel_are_taken(results):
    """Two libraries of one normal have other reads, and the same common variants but for errors."""
    own = [(n * 7) % 3 for n in range(240)]
    write_fingerprint(results, "N1", own)
    write_fingerprint(results, "N3", [1, *own[1:]])
    assert find_normals([results], "panel_solid", frozenset())[1]["N3"] == "is N1, by common variants"
    sibling = [one if n % 2 else (n * 5) % 3 for n, one in enumerate(own)]
    write_fingerprint(results, "N3", sibling)
    assert "N3" not in find_normals([results], "panel_solid", frozenset())[1]


def test_genotypes_on_a_common_index_have_the_kinship_of_those_of_each_pair():
    """Samples lack some of the sites of others, before and after them."""
    own = {("chr1", n, "A", "G"): (n * 7) % 3 for n in range(400)}
    child = {site: call if site[1] % 2 else (site[1] * 5) % 3 for site, call in own.items() if site[1] % 11}
    later = {("chr2", n, "A", "G"): 1 for n in range(50)} | {site: call for site, call in own.items() if site[1] % 13}
    index = {}
    arrays = [on_sites(calls, index) for calls in (child, own, later)]
    for number, (calls, array) in enumerate(zip((child, own, later), arrays, strict=True)):
        for known, before in zip((child, own, later)[:number], arrays, strict=False):
            expected = kinship(*aligned(known, calls))
            assert expected and kinship(before, array[: len(before)]) == expected


@pytest.mark.parametrize(
    "metric, verdict, is_taken",
    [
        ("swapped_alleles", "fail", False),
        ("tumor_in_normal", "fail", False),
        ("tumor_normal_concordance", "fail", False),
        ("tumor_in_normal", "warn", True),
        ("tumor_in_normal", "not_assessed", True),
        ("control_missed", "fail", True),
    ],
)
def test_normals_of_failed_pairs_are_left_out(results, metric, verdict, is_taken):
    write_json(results / "qc" / "C3.case.json", {"gates": [{"metric": metric, "verdict": verdict}]})
    taken, left_out = find_normals([results], "panel_solid", frozenset())
    assert ["N3" in [normal.name for normal in taken], "as a pair" in left_out.get("N3", "")] == [
        is_taken,
        not is_taken,
    ]


def test_a_tumour_that_is_asked_for_is_refused(results):
    with pytest.raises(NormalRefused, match=r"T1: is a tumor(.|\n)*X: is in none"):
        find_normals([results], "panel_solid", frozenset({"T1", "N1", "X"}))


def test_another_assay_has_no_normals(results):
    with pytest.raises(NothingFinished, match="panel_myeloid"):
        find_normals([results], "panel_myeloid", frozenset())


@pytest.mark.parametrize(
    "members, text",
    [
        (["N9"], None),
        (["N1"], "cannot be taken off: N1; make one without them (./gms normals build), or go without it (msi: null)"),
        (None, "is not a baseline"),
    ],
)
def test_a_run_refuses_a_baseline_with_its_own_samples(tmp_path, members, text):
    path = tmp_path / "baseline.tsv"
    if members is None:
        path.write_text("contig\n")
    else:
        write_sites(path, {"members": [member(name) for name in members]})
    assert [text in one for one in problem_of(tmp_path, msi=path)] == ([True] if text else [])


def fastq(path, name):
    path.write_bytes(gzip.compress(f"@{name}\nACGT\n+\nIIII\n".encode()))
    return path


@pytest.mark.parametrize("same, is_refused", [("N1.fastq.gz", True), ("other.fastq.gz", False), (None, False)])
def test_a_run_refuses_a_baseline_with_its_own_reads_under_another_name(tmp_path, same, is_refused):
    for name in ("N1", "other"):
        fastq(tmp_path / f"{name}.fastq.gz", name)
    heads = [head_digest(tmp_path / same)] if same else []
    write_sites(tmp_path / "msi.tsv", {"members": [member("N1-first")], "first_reads": heads})
    lanes = [SimpleNamespace(fastq_1=None), SimpleNamespace(fastq_1=tmp_path / "N1.fastq.gz")]
    found = problem_of(tmp_path, lanes=lanes, msi=tmp_path / "msi.tsv")
    assert ["cannot be taken off: N1;" in text for text in found] == [True] * is_refused


def test_a_panel_knows_the_first_reads_of_its_members(results):
    write_json(results / "alignment" / "N1.reads.json", {"first_reads": ["a", "b"]})
    assert [first_reads(Normal(results, name)) for name in ("N1", "N3")] == [["a", "b"], []]


SITES = [Site("chr1", 100 * n, 100 * n + 10, "A") for n in range(40)]
HOMOPOLYMERS = lambda contig, start, end: "A" * (end - start)  # noqa: E731


def write_sites(path, facts):
    write_baseline(path, make_baseline(SITES, [[Slippage(30, 0.0, 0.0)] * 40] * 20, {"members": [], **facts}))


def problem_of(folder, fetch=HOMOPOLYMERS, contig="chr1", lanes=(), **files):
    """Texts about the files of panels of a run of panel_solid with the samples T1 and N1, which has the `lanes`."""
    samples = [SimpleNamespace(name="T1", lanes=()), SimpleNamespace(name="N1", lanes=lanes)]
    case = SimpleNamespace(assay="panel_solid", samples=samples)
    assay = SimpleNamespace(name="panel_solid", callers={}, min_reads=None, **{"targets": None, **files})
    run = SimpleNamespace(
        assays={"a": assay}, cases={"C1": case}, configfile=folder / "run.yaml", reference=SimpleNamespace(fasta=None)
    )
    check_panels(run, findings := Findings(), lambda fasta: {contig: 9_000}, SimpleNamespace(fetch=fetch))
    return [problem.text for problem in findings.problems]


@pytest.mark.parametrize(
    "fetch, contig, text",
    [
        (lambda *_: None, "chr1", None),
        (lambda contig, start, end: "N" * 10 if start < 200 else "A" * 10, "chr1", None),
        (lambda contig, start, end: "N" * 10 if start < 300 else "A" * 10, "chr1", "3 of 40 sites"),
        (lambda *_: "ACGTTTTTTT", "chr1", "is of another assembly: 40 of 40 sites are no such homopolymer"),
        (HOMOPOLYMERS, "1", "40 of 40 sites"),
    ],
)
def test_a_baseline_whose_sites_are_no_homopolymers_of_the_reference_is_refused(tmp_path, fetch, contig, text):
    write_sites(tmp_path / "msi.tsv", {})
    found = problem_of(tmp_path, fetch, contig, msi=tmp_path / "msi.tsv")
    assert [text in one for one in found] == ([True] if text else [])


DESIGN = {"chr1": 600, "chr2": 400}
BED = "chr2\t0\t400\nchr1\t0\t500\nchr1\t400\t600\n"
BED_DIGEST = sha256(BED.encode()).hexdigest()


@pytest.mark.parametrize("kind", ["msi", "normals", "structural_normals"])
@pytest.mark.parametrize(
    "facts, text",
    [
        ({"assay": "panel_solid", "target_bases": DESIGN}, None),
        ({"assay": "panel_solid", "target_bases": {"chr1": 640, "chr2": 400}}, None),
        ({"assay": "panel_solid", "target_bases": {"chr1": 700, "chr2": 400}}, "was made for other targets"),
        ({"assay": "panel_solid", "target_bases": {"chr1": 600}}, "was made for other targets"),
        ({"assay": "panel_solid"}, None),
        ({"assay": "panel_ffpe", "target_bases": DESIGN}, None),  # of one kit
        ({"assay": "panel_ffpe", "target_bases": DESIGN, "molecules": False}, None),
        ({"assay": "panel_ffpe", "target_bases": DESIGN, "molecules": True}, "was made of normals with UMIs"),
        ({"assay": "panel_ffpe", "targets_sha256": BED_DIGEST}, None),  # of an earlier version
        ({"assay": "panel_ffpe", "targets_sha256": "another"}, "was made of normals of assay panel_ffpe"),
        ({"assay": "panel_ffpe"}, "was made of normals of assay panel_ffpe"),
    ],
)
def test_files_of_other_targets_are_refused(tmp_path, kind, facts, text):
    path, targets = tmp_path / "file.gz", tmp_path / "targets.bed"
    targets.write_text(BED)
    write_panel(path, kind, facts)
    found = problem_of(tmp_path, **{kind: path, "targets": targets})
    is_refused = text and kind != "structural_normals"  # whose events are those of any assay
    assert [text in one for one in found] == ([True] if is_refused else [])


def write_panel(path, kind, facts, definitions=DEFINITIONS):
    if kind == "msi":
        write_sites(path, facts)
    else:
        write_vcf(header_of_panel({"chr1": 9_000}, {"members": [], **facts}, definitions), path)


def test_persons_by_their_genotypes_are_those_of_any_assay(tmp_path):
    write_panel(tmp_path / "file.gz", "normals", {"assay": "panel_ctdna"}, GENOME_DEFINITIONS)
    assert problem_of(tmp_path, normals=tmp_path / "file.gz") == []


@pytest.mark.parametrize("kind", ["msi", "normals", "copy_number"])
def test_targets_that_cannot_be_read_are_left_to_their_own_check(tmp_path, kind):
    path, targets = tmp_path / "file.gz", tmp_path / "targets.bed"
    targets.write_text("chr1\t100\tx\n")
    if kind == "copy_number":
        write_windows(path)
    else:
        write_panel(path, kind, {"assay": "panel_solid", "target_bases": DESIGN})
    assert problem_of(tmp_path, **{kind: path, "targets": targets}) == []


@pytest.mark.parametrize("reads, found", [({"molecules": {}}, True), ({"lanes": {}}, False), (None, False)])
def test_a_panel_knows_whether_its_members_have_umis(results, reads, found):
    if reads is not None:
        write_json(results / "alignment" / "N1.reads.json", reads)
    assert has_molecules(Normal(results, "N1")) == found


def test_a_panel_says_how_many_bases_its_targets_have(tmp_path):
    (tmp_path / "a.bed").write_text("chr2\t0\t400\t.\nchr1\t0\t500\tmask\nchr1\t400\t600\tKRAS\n")
    assert target_bases(tmp_path / "a.bed") == DESIGN


def write_windows(path):
    facts = {"assay": "panel_solid", "version": "1", "members": [], "normals": 6, "sexes": []}
    windows = tuple(Window("chr1", at, at + 250, "TP53", *[0.0] * 5) for at in range(0, 1_000, 250))
    write_reference(path, Reference(facts, windows))


@pytest.mark.parametrize("end, text", [(1_000, None), (2_000, "was made for other targets: it has 50%")])
def test_a_run_refuses_a_reference_of_copy_number_for_other_targets(tmp_path, end, text):
    path, targets = tmp_path / "copy_number.tsv", tmp_path / "targets.bed"
    write_windows(path)
    targets.write_text(f"chr1\t0\t{end}\n")
    assert [text in one for one in problem_of(tmp_path, copy_number=path, targets=targets)] == ([True] if text else [])
