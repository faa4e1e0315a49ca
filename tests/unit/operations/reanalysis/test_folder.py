"""The folder of a reanalysis shares files with the first analysis, and never changes them."""

import os

import pytest

from gms.operations.reanalysis.folder import NameTaken, NotFinished, UnusableName, place_of, prepare, rules_of


@pytest.fixture
def results(tmp_path):
    for name in ("run.json", "report/a.json", "alignment/s.cram", "qc/s.qc.json", "checksums/qc/s", "reference/b"):
        (tmp_path / "results" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "results" / name).write_text(name)
    (tmp_path / "results" / "reference" / "genome.fa").symlink_to("../reference/b")
    (tmp_path / "results" / ".snakemake" / "metadata").mkdir(parents=True)
    return tmp_path / "results"


def test_alignments_are_shared_and_what_jobs_rewrite_is_not(results):
    folders = place_of(results, "2026-12")
    prepare(folders)
    assert os.path.samefile(results / "alignment" / "s.cram", folders.after / "alignment" / "s.cram")
    assert not os.path.samefile(results / "qc" / "s.qc.json", folders.after / "qc" / "s.qc.json")
    links = [folder / "reference" / "genome.fa" for folder in folders]
    assert links[0].lstat().st_mtime == links[1].lstat().st_mtime
    assert not (folders.after / "report").exists() and not (folders.after / "run.json").exists()


def test_a_second_call_goes_on(results):
    folders = place_of(results, "2026-12")
    prepare(folders)
    (folders.after / "alignment" / "s.cram").unlink()
    prepare(place_of(results, "2026-12"))
    assert not (folders.after / "alignment" / "s.cram").exists()


def test_a_half_made_folder_is_made_again_and_a_foreign_one_kept(results):
    half = results / "reanalysis" / ".2026-12.partial" / "alignment"
    half.mkdir(parents=True)
    prepare(place_of(results, "2026-12"))
    assert not half.exists() and (results / "reanalysis" / "2026-12" / "alignment" / "s.cram").exists()
    (results / "reanalysis" / "notes").mkdir()
    (results / "reanalysis" / "notes" / "a.txt").touch()
    with pytest.raises(NameTaken):
        place_of(results, "notes")


def test_what_is_no_results_folder_or_name(results, tmp_path):
    with pytest.raises(NotFinished, match="has no finished cases"):
        place_of(tmp_path, "2026-12")
    for name in ("", "../x", "a b", ".x", "a" * 65, "19121212-1212", "121212.1212"):
        with pytest.raises(UnusableName, match="must be a name") as caught:
            place_of(results, name)
        assert "1212" not in str(caught.value)


def test_reads_are_not_aligned_again():
    rules = rules_of({"bcftools", "freebayes"})
    assert {"call_bcftools", "call_freebayes", "annotate_variants", "case_report"} <= set(rules)
    assert not {"align_reads", "bwa_index", "export", "upload", ""} & set(rules)
