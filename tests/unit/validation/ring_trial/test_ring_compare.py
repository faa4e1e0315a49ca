"""What counts as the same answer, and what the first difference is."""

import json
import shutil

import pytest

from gms.validation.ring_trial.centres import open_centres
from gms.validation.ring_trial.compare import compare
from ring_folders import BGZF_END, RECORDS, SAMPLES, change, make_folder, write_json, write_report, write_vcf

FILTERED = "filtered/trio.vcf.gz"


@pytest.fixture
def folders(tmp_path):
    return [make_folder(tmp_path / name, name) for name in ("uppsala", "lund")]


def trial(folders):
    return compare(open_centres(folders))


def differing(folders):
    return {row.file: row for row in trial(folders).rows if row.differs}


def only_difference(folders, file):
    rows = differing(folders)
    assert list(rows) == [file]
    [split] = rows[file].splits
    return tuple(split.difference)


def test_the_same_results_at_another_centre_are_identical(folders):
    done = trial(folders)
    assert done.verdict == "identical"
    assert [centre.name for centre in done.centres] == ["uppsala-1", "lund-2"]
    assert len(done.rows) == 2 * 3 + 6
    assert all(len(row.groups) == 1 and len(row.groups[0]) == 2 for row in done.rows)


def test_a_case_that_starts_from_a_vcf_has_no_merged_variants(folders):
    for folder in folders:
        (folder / "variants/external").mkdir()
        (folder / "variants/merged/trio.vcf.gz").rename(folder / "variants/external/trio.vcf.gz")
    assert trial(folders).verdict == "identical"
    (folders[1] / "variants/external").rename(folders[1] / "variants/merged2")
    assert [row.file for row in trial(folders).rows if row.missing] == [
        "variants/merged/trio.vcf.gz",
        "variants/external/trio.vcf.gz",
    ]


def test_what_does_not_count(folders):
    other = folders[1]
    swapped = [" ".join([*fields[:9], fields[10], fields[9]]) for fields in map(str.split, RECORDS)]
    write_vcf(other / FILTERED, swapped, SAMPLES[::-1], ["##fileformat=VCFv4.2", "##gms_policy=<ID=other>"])
    write_report(other, version="2027.1", gmc="lund")
    (other / "qc/child.fingerprint.tsv").write_text("chrom\tpos\tlane\tref_count\nchr1\t9\tL2\t5\nchr1\t9\tL1\t4\n")
    qc = other / "qc/child.qc.json"
    qc.write_text(json.dumps(json.loads(qc.read_text())))
    assert trial(folders).verdict == "identical"


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("40 LowQ", "41 LowQ", ("chr1:200 C>T", "QUAL", ("40", "41"))),
        ("40 LowQuality", "40 PASS", ("chr1:200 C>T", "FILTER", ("LowQuality", "PASS"))),
        ("DP=20;GENE=ABC", "DP=20", ("chr1:200 C>T", "INFO GENE", ("ABC", "not there"))),
        ("DP=20;GENE=ABC", "DP=20;GENE=ABC;MASK", ("chr1:200 C>T", "INFO MASK", ("not there", "set"))),
        ("DP=20;GENE=ABC", "GENE=ABC;DP=20", ("chr1:200 C>T", "INFO order", ("DP GENE", "GENE DP"))),
        ("0/1:9,9", "0/1:9,8", ("chr1:200 C>T", "mother AD", ("9,9", "9,8"))),
        ("200 . C T", "200 . C A", ("chr1:200 C>A", "record", ("not there", "there, LowQuality"))),
        ("chr1 200", "chr2 20", ("chr1:200 C>T", "record", ("there, LowQuality", "not there"))),
    ],
)
def test_first_difference_of_records(folders, old, new, expected):
    changed = [RECORDS[0], RECORDS[1].replace(old, new), RECORDS[2]]
    assert changed != RECORDS
    write_vcf(folders[1] / FILTERED, changed)
    assert only_difference(folders, FILTERED) == expected


def test_the_same_records_under_the_names_of_other_samples_are_another_answer(folders):
    write_vcf(folders[1] / FILTERED, RECORDS, SAMPLES[::-1])
    assert only_difference(folders, FILTERED) == ("chr1:100 A>G", "child GT", ("0/1", "0/0"))


def test_a_difference_that_no_field_shows_is_one(folders):
    for folder, depth in zip(folders, ("DP=3", "DP=4"), strict=True):
        write_vcf(folder / FILTERED, [record.replace("DP=20", f"DP=20;{depth}") for record in RECORDS])
    assert only_difference(folders, FILTERED)[:2] == ("chr1:200 C>T", "line")


def test_records_that_one_file_lacks(folders):
    write_vcf(folders[1] / FILTERED, RECORDS[1:])
    assert only_difference(folders, FILTERED) == ("chr1:100 A>G", "record", ("there, PASS", "not there"))
    write_vcf(folders[1] / FILTERED, RECORDS[:2])
    assert only_difference(folders, FILTERED) == ("chr2:50 G>GT", "record", ("there, PASS", "not there"))


def test_long_values_are_cut_to_where_they_part(folders):
    long = "x" * 200
    for folder, end in zip(folders, "ab", strict=True):
        write_vcf(folder / FILTERED, [RECORDS[0].replace("GENE=ABC", f"ANN={long}{end}{long}")])
    _, field, values = only_difference(folders, FILTERED)
    assert field == "INFO ANN"
    assert [value[:14] for value in values] == ["…" + "x" * 12 + "a", "…" + "x" * 12 + "b"]
    assert all(len(value) < 70 for value in values)


@pytest.mark.parametrize(
    "keys, expected",
    [
        (("metrics", "mean", 30.4), ("metrics › mean", "value", ("30.5", "30.4"))),
        (("metrics", "reads", 1000.0), ("metrics › reads", "value", ("1000", "1000.0"))),
        (("gates", 0, "value", True), ("gates › contamination › value", "value", ("0.0", "true"))),
        (("metrics", "more", 1), ("metrics › more", "value", ("not there", "1"))),
        (("gates", 0, "why", "Wording."), ("gates › contamination › why", "value", ("Not one person.", "Wording."))),
    ],
)
def test_first_difference_of_quality_values(folders, keys, expected):
    change(folders[1] / "qc/child.qc.json", *keys)
    assert only_difference(folders, "qc/child.qc.json") == expected


def test_a_value_comes_before_the_wording_of_a_reason(folders):
    change(folders[1] / "qc/child.qc.json", "gates", 0, {"metric": "contamination", "why": "New.", "value": 0.5})
    assert only_difference(folders, "qc/child.qc.json")[2] == ("0.0", "0.5")


def test_first_difference_of_tables(folders):
    genes = folders[1] / "qc/child.genes.tsv"
    genes.write_text(genes.read_text().replace("29.5", "29.6"))
    assert only_difference(folders, "qc/child.genes.tsv") == ("XYZ", "mean_depth", ("29.5", "29.6"))
    genes.write_text("gene\tbases\tmean_depth\nABC\t90\t31.0\n")
    assert only_difference(folders, "qc/child.genes.tsv") == ("XYZ", "row", ("there", "not there"))
    for folder, depth in zip(folders, ("3", "4"), strict=True):
        rows = f"ABC\t90\t{depth}\nABC\t90\t5\n"
        (folder / "qc/child.genes.tsv").write_text(f"gene\tbases\tmean_depth\n{rows}")
    assert only_difference(folders, "qc/child.genes.tsv")[:2] == ("table", "rows")


def test_first_difference_of_reports(folders):
    write_report(folders[1], frequency=0.002)
    expected = ("findings › chr1:100:A:G › population › value", "value", ("0.001", "0.002"))
    assert only_difference(folders, "report/trio.json") == expected
    write_report(folders[1], records=4)
    assert only_difference(folders, "report/trio.json") == ("filtered › records", "value", ("3", "4"))


def test_the_larger_group_is_what_others_are_compared_with(tmp_path):
    folders = [make_folder(tmp_path / str(number)) for number in range(5)]
    for number in (0, 3):
        change(folders[number] / "qc/child.qc.json", "metrics", "mean", number)
    row = differing(folders)["qc/child.qc.json"]
    names = [[centre.name for centre in group] for group in row.groups]
    assert names == [["uppsala-2", "uppsala-3", "uppsala-5"], ["uppsala-1"], ["uppsala-4"]]
    assert [split.difference.values for split in row.splits] == [("30.5", "0"), ("30.5", "3")]
    outside = [centre.name for group in row.groups for centre in group if row.outside(centre)]
    assert outside == ["uppsala-1", "uppsala-4"]


def test_without_a_majority_every_centre_is_outside(folders):
    change(folders[1] / "qc/child.qc.json", "metrics", "mean", 1)
    row = differing(folders)["qc/child.qc.json"]
    assert all(row.outside(centre) for group in row.groups for centre in group)


def cut_off(path):
    path.write_bytes(path.read_bytes()[: -len(BGZF_END)])


DAMAGE = {
    "is truncated, or not compressed by bgzip": cut_off,
    "is empty": lambda path: path.write_bytes(b""),
    "is damaged, or not of the type that its name says": lambda path: path.write_bytes(b"no VCF" + BGZF_END),
    "has no line of column names (#CHROM), so it is not a complete VCF": lambda path: path.write_bytes(BGZF_END),
    "cannot be read: is a directory": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("text", DAMAGE)
def test_a_damaged_vcf_is_told(folders, text):
    DAMAGE[text](folders[1] / FILTERED)
    done = trial(folders)
    [row] = [row for row in done.rows if row.lacks]
    assert (row.file, row.differs, done.verdict) == (FILTERED, False, "incomplete")
    assert [(centre.name, why) for centre, why in row.unreadable] == [("lund-2", text)]


def test_the_same_damage_everywhere_is_no_identity(folders):
    for folder in folders:
        cut_off(folder / FILTERED)
    [row] = [row for row in trial(folders).rows if row.lacks]
    assert len(row.unreadable) == 2 and not row.groups


@pytest.mark.parametrize(
    "file, text", [("qc/child.qc.json", "is not JSON"), ("qc/child.genes.tsv", "is not a complete table")]
)
def test_damaged_quality_files_are_told(folders, file, text):
    path = folders[1] / file
    path.write_text(path.read_text() + "x\n")
    [row] = [row for row in trial(folders).rows if row.lacks]
    assert (row.file, [why for _, why in row.unreadable]) == (file, [text])


@pytest.mark.parametrize(
    "record, text",
    [
        ("chr1 100 . A", "has a record with too many or too few columns"),
        (RECORDS[0].replace("100", "x"), "has a record without a position"),
    ],
)
def test_a_strange_record_is_told_without_a_traceback(folders, record, text):
    write_vcf(folders[1] / FILTERED, [record])
    assert only_difference(folders, FILTERED)[2][1] == text


def test_pages_of_other_things_are_no_cases(folders):
    for folder in folders:
        (folder / "report/multiqc.html").write_text(folder.name)
    assert trial(folders).verdict == "identical"


def test_an_unfinished_folder_lacks_files(folders):
    for file in ("report/trio.json", "reported/trio.vcf.gz", "qc/mother.qc.json"):
        (folders[1] / file).unlink()
    done = trial(folders)
    missing = {row.file: [centre.name for centre in row.missing] for row in done.rows if row.missing}
    assert missing == dict.fromkeys(["qc/mother.qc.json", "reported/trio.vcf.gz", "report/trio.json"], ["lund-2"])
    assert done.verdict == "incomplete"


def test_a_file_that_only_some_assays_have_is_compared_where_there_is_one(folders):
    write_json(folders[0] / "regions/trio.json", {"runs": []})
    assert {row.file for row in trial(folders).rows if row.missing} == {"regions/trio.json"}
    write_json(folders[1] / "regions/trio.json", {"runs": [1]})
    assert list(differing(folders)) == ["regions/trio.json"]


def test_other_samples_are_the_sample_sheet(folders):
    write_vcf(folders[1] / FILTERED, [" ".join(record.split()[:10]) for record in RECORDS], SAMPLES[:1])
    for place in ("variants/merged", "annotated", "reported"):
        shutil.copy(folders[1] / FILTERED, folders[1] / place / "trio.vcf.gz")
    row = differing(folders)[FILTERED]
    assert row.splits[0].difference == ("samples", "names", ("child, mother", "child"))
    assert [cause.kind for cause in row.splits[0].causes] == ["sample sheet"]


def test_another_number_of_reads_is_a_note_on_the_input(folders):
    change(folders[1] / "qc/child.qc.json", "metrics", "reads", 900)
    [case] = trial(folders).cases
    assert case.notes[0].startswith("child has different numbers of reads: 1,000 at uppsala-1, 900 at lund-2.")


def test_cases_that_not_all_have(tmp_path, folders):
    third = make_folder(tmp_path / "umea", "umea", case="solo")
    done = trial([*folders, third])
    assert {case: centre.name for case, centre in done.alone.items()} == {"solo": "umea-3"}
    assert [[centre.name for centre in case.absent] for case in done.cases] == [["umea-3"]]
    assert done.verdict == "incomplete"


def test_json_of_another_kind_is_no_traceback(folders):
    write_json(folders[1] / "qc/trio.case.json", ["no", "object"])
    assert only_difference(folders, "qc/trio.case.json")[:2] == ("content", "value")
