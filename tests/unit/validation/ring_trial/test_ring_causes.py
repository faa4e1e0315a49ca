"""Each cause that run.json can tell."""

from pathlib import Path

import pytest

from gms.validation.ring_trial.causes import NO_CAUSE, causes
from gms.validation.ring_trial.centres import Centre, open_centres
from gms.validation.ring_trial.compare import compare
from ring_folders import RECORDS, change, make_folder, write_report, write_vcf

ASSAY = ("assays", "wgs_rare")
PLACES = {"merged": "variants/merged/trio.vcf.gz", "annotated": "annotated/trio.vcf.gz"}
PLACES |= {"filtered": "filtered/trio.vcf.gz", "reported": "reported/trio.vcf.gz"}


@pytest.fixture
def folders(tmp_path):
    return [make_folder(tmp_path / name, name) for name in ("uppsala", "lund")]


def splits(folders):
    return {row.file: row.splits[0] for row in compare(open_centres(folders)).rows if row.differs}


def change_records(folder, *kinds):
    for kind in kinds:
        write_vcf(folder / PLACES[kind], [RECORDS[0].replace("50 PASS", "51 PASS")])


def causes_of(folders, kind):
    return [tuple(cause) for cause in splits(folders)[PLACES[kind]].causes]


CAUSES = [
    ("merged", ("workflow", "version", "v2"), "workflow version", "workflow: v1 at uppsala-1, v2 at lund-2"),
    ("merged", ("tools", "bwa", "0.7.18"), "tool version", "bwa: 0.7.17 at uppsala-1, 0.7.18 at lund-2"),
    ("merged", ("tools", "bwa", None), "tool version", "bwa: 0.7.17 at uppsala-1, not found at lund-2"),
    ("merged", ("tools", "new-caller", "2"), "tool version", "new-caller: not found at uppsala-1, 2 at lund-2"),
    (
        *("merged", ("reference", "fasta_index_sha256", "e1" * 32), "reference"),
        "GRCh38: both genome.fa, but the content differs (digest f0… at uppsala-1, e1e1e1e1… at lund-2)",
    ),
    (
        *("merged", (*ASSAY, "targets", {"file": "panel2.bed", "sha256": "b1"}), "panel"),
        "wgs_rare targets: panel.bed at uppsala-1, panel2.bed at lund-2",
    ),
    (
        *("merged", (*ASSAY, "changed", {"trim": True}), "config"),
        'changes to wgs_rare: none at uppsala-1, {"trim": true} at lund-2',
    ),
    (
        *("merged", (*ASSAY, "sha256", "a1"), "assay version"),
        "wgs_rare: both 1.0, but the content differs (digest a0… at uppsala-1, a1… at lund-2)",
    ),
    (
        "annotated",
        ("reference", "clinvar", None),
        "reference",
        "ClinVar: part.vcf.gz at uppsala-1, not given at lund-2",
    ),
    (
        *("filtered", (*ASSAY, "policy", {"name": "wgs_rare", "version": "2026.12", "sha256": "d1"}), "policy"),
        "wgs_rare: 2026.11 at uppsala-1, 2026.12 at lund-2",
    ),
]


@pytest.mark.parametrize("file, keys, kind, text", CAUSES, ids=[f"{row[2]}-{row[1][-2]}" for row in CAUSES])
def test_cause(folders, file, keys, kind, text):
    change(folders[1] / "run.json", *keys)
    change_records(folders[1], file)
    assert causes_of(folders, file) == [(kind, text)]


@pytest.mark.parametrize(
    "keys",
    [
        (*ASSAY, "policy", {"name": "wgs_rare", "version": "2026.12", "sha256": "d1"}),
        ("reference", "clinvar", None),
        ("tools", "ruff", "2"),
        ("reference", "name", "hg38"),
        (*ASSAY, "targets", {"file": "another-name.bed", "sha256": "b0"}),
    ],
    ids=lambda keys: keys[-2],
)
def test_what_a_file_does_not_rest_on_is_no_cause(folders, keys):
    change(folders[1] / "run.json", *keys)
    change_records(folders[1], "merged")
    [(kind, text)] = causes_of(folders, "merged")
    assert kind == NO_CAUSE and text.startswith("no entry that this file depends on differs")


def test_another_policy_of_a_class_of_variants(folders):
    for folder, flag in zip(folders, ("PASS", "LowDepth"), strict=True):
        write_vcf(folder / "filtered/repeats/trio.vcf.gz", [RECORDS[0].replace("PASS", flag)])
        change(folder / "run.json", *ASSAY, "policies", {"repeats": {"name": "repeats", "sha256": flag}})
    (split,) = splits(folders).values()
    (cause,) = split.causes
    assert cause.kind == "policy" and "besides that of small variants" in cause.text


def test_what_centres_with_the_same_answer_share_is_no_cause(tmp_path):
    folders = [make_folder(tmp_path / str(number)) for number in range(3)]
    for number in (1, 2):
        change(folders[number] / "run.json", "tools", "bwa", "0.7.18")
    change_records(folders[2], "merged")
    assert causes_of(folders, "merged")[0][0] == NO_CAUSE
    change(folders[2] / "run.json", "tools", "bcftools", "1.17")
    assert causes_of(folders, "merged") == [("tool version", "bcftools: 1.16 at uppsala-1, 1.17 at uppsala-3")]


def test_later_files_follow_from_the_first_that_differs(folders):
    change(folders[1] / "run.json", "tools", "bwa", "0.7.18")
    change_records(folders[1], "merged", "annotated", "filtered", "reported")
    write_report(folders[1], frequency=0.002)
    found = splits(folders)
    assert {split.follows for file, split in found.items() if file != PLACES["merged"]} == {PLACES["merged"]}
    assert {cause.text for split in found.values() for cause in split.causes} == {
        "bwa: 0.7.17 at uppsala-1, 0.7.18 at lund-2"
    }


def test_without_run_json_no_cause_is_told(folders):
    (folders[1] / "run.json").write_text("{")
    change_records(folders[1], "merged")
    assert causes_of(folders, "merged") == [(NO_CAUSE, "it is missing or cannot be read at centre-2")]


def test_a_workflow_changed_by_hand_is_named(folders):
    for folder in folders:
        change(folder / "run.json", "workflow", "version", "v1-dirty")
    change_records(folders[1], "merged")
    [(_, text)] = causes_of(folders, "merged")
    assert text.endswith("the workflow was changed by hand (-dirty) at uppsala-1, lund-2")


def test_another_assay_or_role_is_the_sample_sheet(folders):
    change(folders[1] / "qc/child.qc.json", "role", "mother")
    assert [tuple(c) for c in splits(folders)["qc/child.qc.json"].causes] == [
        ("sample sheet", "another role of the sample")
    ]
    change(folders[1] / "qc/trio.case.json", "assay", "wgs_cancer")
    [cause] = splits(folders)["qc/trio.case.json"].causes
    assert cause == ("sample sheet", "assay wgs_rare at uppsala-1, wgs_cancer at lund-2")


@pytest.mark.parametrize("content", ["[]", '{"assays": 3, "tools": [], "reference": null, "workflow": "x", "gmc": 7}'])
def test_a_strange_run_json_is_no_traceback(folders, content):
    (folders[1] / "run.json").write_text(content)
    change_records(folders[1], "filtered")
    assert causes_of(folders, "filtered")


@pytest.mark.parametrize("size, known", [(9, 0), (8, 1)])
def test_gene_models_of_which_an_earlier_version_has_no_digest_are_compared_by_size(size, known):
    genes = {"file": "genes.gff3.gz", "bytes": 9, "index_sha256": None}
    runs = [{"reference": {"genes": genes | {"bytes": size}}}, {"reference": {"genes": genes | {"sha256": "ab"}}}]
    one, other = ([Centre(name, Path(name), run)] for name, run in zip("ab", runs, strict=True))
    assert len(causes("annotated", one, other, lambda centre: None)) == known
