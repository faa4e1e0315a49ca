"""gms status over results folders made of empty files, and the events of their last run."""

import base64
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import event_lines as lines
from event_lines import BEGUN
from gms.base.errors import GmsError
from gms.commands import status as command
from gms.operations.run import run_lock, run_lock_rules
from gms.operations.run.event_files import FOLDER
from gms.operations.status import last_run, status


class Place:
    """A results folder with the cases A, B, … of one tumour each."""

    def __init__(self, folder: Path, cases: list[str], export: str = ""):
        self.results, self.config = folder / "results", folder / "run.yaml"
        self.results.mkdir(parents=True)
        rows = [f"{case}\t{case}-t\ttumor\tpanel_solid\t{case}_1.fq.gz\t{case}_2.fq.gz" for case in cases]
        header = "case\tsample\trole\tassay\tfastq_1\tfastq_2"
        (folder / "samples.tsv").write_text("\n".join([header, *rows]) + "\n")
        self.config.write_text(
            "samples: samples.tsv\nreference: {name: tiny, fasta: tiny.fa}\n"
            f"assays: {{panel_solid: {{targets: panel.bed}}}}\n{export}"
        )

    def finish(self, case: str, *rules: str, seconds: float = 60.0) -> None:
        """Make the outputs and benchmarks of rules for a case."""
        for rule in rules:
            subject = f"{case}-t" if rule in ("align_reads", "sample_qc") else case
            content = '{"verdict": "warn"}' if rule == "case_qc" else ""
            write(self.results / OUTPUTS[rule].format(case, f"{case}-t"), content)
            write(self.results / f"benchmarks/{rule}/{subject}.jsonl", json.dumps({"s": seconds}) + "\n")

    def begin(self, output: str, when: float) -> None:
        """Mark an output as Snakemake does while its job runs."""
        mark = self.results / ".snakemake" / "incomplete" / base64.b64encode(output.encode()).decode()
        write(mark, "")
        os.utime(mark, (when, when))

    def lock(self) -> None:
        write(self.results / ".snakemake" / "locks" / "0.output.lock", "report/A.html\n")

    def events(self, *events: str, name: str = "2026-11-23T175802.117386.jsonl", config: Path | None = None) -> Path:
        """The events of a run of this folder that began at BEGUN."""
        begin = [lines.started(socket.gethostname(), [config or self.config]), lines.planned(all=1, x=8)]
        return write(self.results / FOLDER / name, "\n".join([*begin, *events]) + "\n")

    def status(self, now: float = BEGUN + 600) -> status.Status:
        return status.read_status(self.results, None, now)


OUTPUTS = {
    "align_reads": "alignment/{1}.cram",
    "sample_qc": "qc/{1}.qc.json",
    "call_bcftools": "variants/bcftools/{0}.vcf.gz",
    "call_freebayes": "variants/freebayes/{0}.vcf.gz",
    "call_delly": "variants/structural/delly/{0}.vcf.gz",
    "merge_structural": "variants/structural/merged/{0}.vcf.gz",
    "merge_variants": "variants/merged/{0}.vcf.gz",
    "annotate_variants": "annotated/{0}.vcf.gz",
    "filter_variants": "filtered/{0}.vcf.gz",
    "case_qc": "qc/{0}.case.json",
    "mutational_burden": "biomarkers/{0}.tmb.json",
    "annotate_class": "annotated/structural/{0}.vcf.gz",
    "filter_class": "filtered/structural/{0}.vcf.gz",
    "case_report": "report/{0}.html",
}


def write(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "data", ["A", "B", "C"])


def cases(found: status.Status) -> dict[str, tuple]:
    return {
        c.files.case.name: (c.state, c.files.stage, c.files.done, c.files.verdict, c.left.seconds) for c in found.cases
    }


def test_a_folder_where_all_is_done(place):
    for case in "ABC":
        place.finish(case, *OUTPUTS)
    write(place.results / "run.json", "{}")
    assert place.status().code == status.UNFINISHED  # the overview is missing
    write(place.results / "report" / "multiqc.html", "")
    done = place.status()
    assert done.code == status.DONE and done.left == (0.0, False)
    assert cases(done)["A"] == ("done", "reported", 14, "warn", 0.0)


@pytest.mark.parametrize(("targets", "asked"), [("", True), ("assays: {wgs_rare: {targets: panel.bed}}\n", False)])
def test_homozygous_regions_are_asked_of_whole_genomes_only(tmp_path, targets, asked):
    place = Place(tmp_path, [])
    place.config.write_text(place.config.read_text().partition("assays:")[0] + targets)
    header = "case\tsample\trole\tassay\tfastq_1\tfastq_2\n"
    (tmp_path / "samples.tsv").write_text(f"{header}A\tA-p\tproband\twgs_rare\tA_1.fq.gz\tA_2.fq.gz\n")
    rules = [task.rule for task in place.status().cases[0].files.tasks]
    assert ("case_regions" in rules) == asked and "case_report" in rules


def test_the_stage_is_the_last_before_the_first_open_job(place):
    place.finish("A", "align_reads", "call_bcftools")
    assert cases(place.status())["A"][:3] == ("unfinished", "aligned", 2)
    place.finish("A", "call_freebayes", "call_delly", "merge_variants", "merge_structural")
    assert cases(place.status())["A"][:3] == ("unfinished", "merged", 6)
    assert cases(place.status())["B"][:3] == ("not begun", "-", 0)


def test_a_file_that_a_job_was_writing_is_not_done(place):
    place.finish("A", "align_reads")
    place.begin("alignment/A-t.cram", BEGUN)
    assert cases(place.status())["A"][:3] == ("not begun", "-", 0)


def test_what_is_made_from_an_output_that_is_made_again_is_to_do_again(place):
    place.finish("A", *OUTPUTS)
    place.begin("variants/freebayes/A.vcf.gz", BEGUN)
    found = place.status().cases[0].files
    assert [task.rule for task in found.tasks if not task.done] == [
        *("call_freebayes", "merge_variants", "merge_structural", "annotate_class", "annotate_variants", "case_qc"),
        *("filter_variants", "filter_class", "mutational_burden", "case_report"),
    ]
    place.begin("qc/A-t.qc.json", BEGUN)
    done = [task.rule for task in place.status().cases[0].files.tasks if task.done]
    assert done == ["align_reads", "call_bcftools", "call_delly"]


def test_an_alignment_that_was_moved_away_does_not_open_a_case_again(place):
    place.finish("A", *OUTPUTS)
    (place.results / "alignment" / "A-t.cram").unlink()
    (place.results / "variants" / "merged" / "A.vcf.gz").unlink()
    assert cases(place.status())["A"][:3] == ("done", "reported", 14)
    (place.results / "report" / "A.html").unlink()  # it shows reads: a new one needs the alignment
    assert cases(place.status())["A"][:3] == ("unfinished", "-", 12)


def test_time_left_is_the_longest_way_through_the_medians(place):
    place.finish("A", *OUTPUTS, seconds=100.0)
    place.finish("B", "align_reads", seconds=100.0)
    # C: align, one caller of those side by side, merge, annotate and filter twice, report; quality takes less
    assert {name: values[4] for name, values in cases(place.status()).items()} == {"A": 0.0, "B": 700.0, "C": 800.0}


def test_time_left_is_unknown_without_a_benchmark(place):
    place.finish("A", *list(OUTPUTS)[:-1])
    assert cases(place.status())["A"][4] is None and place.status().left.seconds is None
    assert "unknown" in "\n".join(status.text(place.status()))


def test_time_left_is_a_least_one_where_some_benchmark_is_missing(place):
    place.finish("A", "align_reads", "call_bcftools", seconds=100.0)
    place.finish("B", "align_reads", seconds=100.0)
    told = {case.files.case.name: case.left for case in place.status().cases}
    assert told == {"A": (None, False), "B": (100.0, True), "C": (200.0, True)}
    assert any(line.endswith("  >0:03:20") for line in status.text(place.status()))


def test_a_running_job_counts_with_what_is_left_of_it(place):
    place.finish("A", *OUTPUTS, seconds=100.0)
    place.begin("alignment/B-t.cram", BEGUN + 570)
    place.events()
    place.lock()
    running = place.status(BEGUN + 600)
    assert cases(running)["B"] == ("running", "-", 0, None, 770.0)
    said = status.text(running)
    assert "  align_reads B-t  since 0:00:30" in said
    assert running.code == status.UNFINISHED


def test_time_of_all_cases_by_how_many_jobs_ran_at_once(place):
    place.finish("A", *OUTPUTS, seconds=100.0)
    events = place.events()
    for path in place.results.glob("benchmarks/*/*"):
        os.utime(path, (BEGUN + 100, BEGUN + 100))
    os.utime(events, (BEGUN + 500, BEGUN + 500))
    found = place.status()
    assert found.at_once == 2.8  # 14 jobs of 100 s in 500 s
    assert found.left == (28 * 100.0 / 2.8, False)


def test_failed_jobs_of_the_last_run_with_their_logs(place, capsys):
    place.finish("A", "align_reads", "call_bcftools")
    calling = [lines.job(4, "call_freebayes", case="A"), lines.failed(4, "call_freebayes")]
    place.events(*calling, lines.job(5, "align_reads", sample="C-t"), lines.failed(5, "align_reads"))
    assert command.main([str(place.results)]) == status.FAILED
    said = capsys.readouterr().out
    assert f"  call_freebayes A\n    log: {place.results}/logs/call_freebayes/A.log\n" in said
    assert cases(place.status())["C"][0] == "failed" and cases(place.status())["B"][0] == "not begun"
    place.finish("A", "call_freebayes")  # done since, by somebody else
    assert cases(place.status())["A"][0] == "unfinished"


def test_why_a_job_failed_is_told(place):
    place.events(lines.job(5, "align_reads", sample="C-t"), lines.failed(5, "align_reads"))
    write(place.results / "logs/align_reads/C-t.log", "[main] Version\nerror: FASTQ file 'C_1.fq.gz' is damaged\n")
    assert "  align_reads C-t\n    FASTQ file 'C_1.fq.gz' is damaged\n    log: " in "\n".join(
        status.text(place.status())
    )


def test_a_run_that_was_stopped(place):
    place.finish("A", "align_reads")
    place.events(*lines.finished(1, 1, 9), lines.event("run_ended", outcome="stopped", code=1))
    found = place.status()
    assert {name: values[0] for name, values in cases(found).items()} == {
        "A": "stopped",
        "B": "not begun",
        "C": "not begun",
    }
    assert any(line.startswith("The last run was stopped on request on 20") for line in status.text(found))
    assert status.as_json(found)["run"]["outcome"] == "stopped"


def test_the_reason_is_that_of_the_run(place):
    """A job that ran out of memory at Slurm, as ./gms run explains it."""
    jobs = [
        lines.job(5, "align_reads", sample="C-t"),
        lines.failed(5, "align_reads", message="status is: 'OUT_OF_MEMORY'"),
    ]
    place.events(lines.message("SLURM run ID: run-1"), *jobs)
    assert "rule align_reads of sample C-t ran out of memory: it had 100 MB." in "\n".join(status.text(place.status()))


def test_a_job_of_no_case_that_failed(place):
    place.events(lines.job(1, "bwa_index"), lines.failed(1, "bwa_index"))
    found = place.status()
    assert found.code == status.FAILED and [job.rule for job in found.others] == ["bwa_index"]


def test_a_run_that_goes_on_is_named(place):
    with run_lock_rules.take(place.results) as lock:
        found = place.status()
        assert found.run.may_run and f"A run is active: {lock.record.name}." in status.text(found)
        assert status.as_json(found)["run"]["process"] == os.getpid()


def test_a_killed_run_is_named_and_how_to_release_it(place):
    lock = run_lock_rules.take(place.results)
    lock.record.process_began = 1  # the number is another process now
    lock.beat(["SLURM run-1"])
    found = place.status()
    said = "\n".join(status.text(found))
    told = status.as_json(found)["run"]
    assert not found.run.may_run and told["locked"] and told["process"] is None
    assert (
        f"locked by {lock.record.name}, which is no longer alive. Still running: perhaps jobs at the scheduler.\n"
        in said
    )
    assert "with --unlock, which ends them, then without." in said


def test_orphaned_processes_of_a_killed_run_are_shown(place):
    lock = run_lock_rules.take(place.results)
    lock.record.process_began = 1
    lock.beat(["SLURM run-1"])
    program = [sys.executable, "-c", "print(flush=True); input()"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(program, env={**os.environ, run_lock.TOKEN: lock.record.token}, **pipes) as child:
        child.stdout.readline()
        said = "\n".join(status.text(place.status()))
        child.communicate(b"\n")
    assert f"Still running: 1 process here ({child.pid}) and perhaps jobs at the scheduler." in said
    assert "Still running: perhaps jobs" in "\n".join(status.text(place.status()))


def test_a_run_elsewhere_counts_as_alive_until_it_has_been_silent_for_long(place):
    lock = run_lock_rules.take(place.results)
    lock.record.machine, lock.record.host = "another boot", "node7"
    lock.beat(["SLURM run-1"])
    assert "A run is active: process" in (said := "\n".join(status.text(place.status()))) and "sign of life" in said
    os.utime(place.results / run_lock.RECORD, (BEGUN, BEGUN))
    assert "Only that machine shows whether it is alive" in "\n".join(status.text(place.status()))


def test_a_folder_that_holds_the_results_is_not_taken_for_them(place):
    folder = place.results.parent
    for config in (None, place.config):
        with pytest.raises(GmsError, match="is not a results folder.*did you mean '.*/data/results'"):
            status.read_status(folder, config, BEGUN)
    moved = place.results.rename(folder / "archive")
    write(moved / "run.json", "{}")
    assert len(status.read_status(moved, place.config, BEGUN).cases) == 3


def test_a_lock_of_plain_snakemake(place):
    place.lock()
    assert place.status().run.may_run
    assert "by a Snakemake that was started without ./gms run" in "\n".join(status.text(place.status()))


def test_the_newest_run_that_began_counts(place):
    other = write(place.results.parent / "conf" / "other.yaml", place.config.read_text())
    place.events(lines.event("run_ended", outcome="failed", code=1))
    place.events(lines.event("run_ended", outcome="done", code=0), name="2026-11-24T000000.000000.jsonl", config=other)
    write(place.results / FOLDER / "2026-11-25T000000.000000.jsonl", '{"time": 1, "eve')  # a disk that was full
    found = last_run.last_run(place.results)
    assert (found.outcome, found.configfile, found.user, found.begun) == ("done", other, "anna", BEGUN)


def test_no_folder_and_no_config_are_sentences(place, tmp_path):
    with pytest.raises(GmsError, match="is not a folder"):
        status.read_status(tmp_path / "nothing", None, BEGUN)
    place.config.rename(place.config.with_suffix(".txt"))
    with pytest.raises(GmsError, match="is not a results folder: it holds neither run.json nor benchmarks$"):
        place.status()
    write(place.results / "run.json", "{}")
    with pytest.raises(GmsError, match="name it with --configfile"):
        place.status()
    assert status.read_status(place.results, place.config.with_suffix(".txt"), BEGUN).code == status.UNFINISHED


def test_the_table_fits_100_columns_and_json_has_all(tmp_path, monkeypatch, capsys):
    made = Place(tmp_path / "data", ["A" * 60, "B"])
    made.finish("A" * 60, *OUTPUTS, seconds=1e6)
    code = command.main([str(made.results)])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100
    assert command.main([str(made.results), "--json"]) == code == status.UNFINISHED
    told = json.loads(capsys.readouterr().out)
    assert [case["case"] for case in told["cases"]] == ["A" * 60, "B"] and told["code"] == code
    command.main([str(made.results), "--unfinished"])
    assert "AAAA" not in capsys.readouterr().out


def test_a_thousand_cases(tmp_path, monkeypatch):
    made = Place(tmp_path / "data", [f"case{number}" for number in range(1_000)])
    for number in range(0, 1_000, 4):
        made.finish(f"case{number}", *OUTPUTS)
    made.events(*(lines.job(number, "x", case=f"case{number}") for number in range(10_000)))
    found = made.status()
    assert len(status.text(found)) > 1_000 and sum(case.state == "done" for case in found.cases) == 250
