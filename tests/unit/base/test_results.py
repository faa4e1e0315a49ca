import pytest

from gms.base import results, whole_files
from gms.base.errors import GmsError


def test_results_are_made_with_their_parents(tmp_path):
    whole_files.make_results(tmp_path / "a" / "b")
    whole_files.make_results(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_in_the_way_is_a_sentence(tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(GmsError, match="results folder '.*/a/b' cannot be used: not a directory; write another"):
        whole_files.make_results(tmp_path / "a" / "b")


def test_somebody_elses_folder_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / ".snakemake").mkdir()
    monkeypatch.setattr(whole_files.os, "access", lambda path, mode: path.name != ".snakemake")
    with pytest.raises(GmsError, match="this user may not write there"):
        whole_files.make_results(tmp_path)


def test_a_path_is_about_its_most_specific_subject():
    assert [results.named(name).per for name in ("cram", "calls", "merged", "target_regions", "run.json")] == [
        *("sample", "caller", "case", "assay", "run"),
    ]
    assert results.named("calls").at(caller="bcftools", case="F1") == "variants/bcftools/F1.vcf.gz"
    assert results.named("calls").everywhere() == "variants/*/*.vcf.gz"


def test_files_are_chosen_by_subject_and_attributes():
    compared = [file.name for file in results.files("sample", compared=True)]
    assert compared == ["qc.json", "genes.tsv", "fingerprint.tsv", "smn"]
    assert results.named("decision") in results.files("case", is_target=True)


def test_rules_need_the_rules_that_make_what_they_read_and_not_themselves():
    assert results.needs("case_qc") == ("sample_qc", "annotate_variants")
    assert results.needs("filter_variants") == ("annotate_class", "annotate_variants")
    assert results.needs("merge_variants") == ("reference_fasta", "coding_regions", "align_reads", "call_{caller}")
