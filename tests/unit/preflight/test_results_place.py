"""Files that a run reads where its results are: Snakemake would remove them before the job that reads them."""

import pytest

from unit.preflight.test_check_inputs_cases import CASES, PROJECT, lay_out, message

TAKES_PLACE = "which the run reads, is in the results folder, where a result would take its place"


@pytest.fixture
def here(tmp_path, monkeypatch):
    lay_out(CASES / "_default", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def results_are(folder, name):
    config = folder / "run.yaml"
    config.write_text(config.read_text().replace("results: results", f"results: {name}"))


def test_files_next_to_the_results_are_read(here):
    assert message(here) == ""


@pytest.mark.parametrize("name", [".", "..", "link"])
def test_results_where_the_configuration_is(here, name):
    (here / "link").symlink_to(here)
    results_are(here, name)
    assert f"'run.yaml', {TAKES_PLACE}" in message(here)


def move_reads(here, folder):
    """The first reads of the sheet in a folder of the results."""
    (here / "results" / folder).mkdir(parents=True)
    (here / "a_R1.fastq.gz").rename(here / "results" / folder / "a_R1.fastq.gz")
    sheet = here / "samples.tsv"
    sheet.write_text(sheet.read_text().replace("a_R1", f"results/{folder}/a_R1"))


@pytest.mark.parametrize("folder", ["alignment", "reference/bwa", "logs/align_reads", ".snakemake"])
def test_reads_where_results_are(here, folder):
    move_reads(here, folder)
    assert f"'results/{folder}/a_R1.fastq.gz', {TAKES_PLACE}" in message(here)


@pytest.mark.parametrize("folder", ["fastq", "my_alignment/alignment"])
def test_reads_in_a_folder_in_which_no_result_is(here, folder):
    move_reads(here, folder)
    assert message(here) == ""


def test_reads_that_a_link_leads_to(here):
    move_reads(here, "alignment")
    (here / "a_R1.fastq.gz").symlink_to(here / "results" / "alignment" / "a_R1.fastq.gz")
    sheet = here / "samples.tsv"
    sheet.write_text(sheet.read_text().replace("results/alignment/a_R1", "a_R1"))
    assert f"'a_R1.fastq.gz', {TAKES_PLACE}" in message(here)


def test_results_that_are_a_file(here):
    results_are(here, "reference.fa")
    assert "results 'reference.fa' is a file; name a folder" in message(here)


def test_results_in_a_folder_of_the_workflow(here):
    results_are(here, PROJECT / "config")
    assert "results 'config' is a folder of the workflow itself; name another" in message(here)
