"""Runs under the profiles of centres, all at once: most of their time is waiting for a scheduler."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import runs
from clusters import accounts, gridengine, slurm

CASE, SAMPLE = "myeloid-shallow", "shallow-tumor"
TARGETS = (f"report/{CASE}.html", f"reported/{CASE}.vcf.gz", f"qc/{CASE}.case.json")
# What does not depend on the cases: a run finds it ready, which saves a cluster of the tests several rounds of waiting.
READY = ("reference", "qc/regions")
CALLED = ("reference", "alignment", "qc", "variants", "checksums")
CASE_FOLDERS = ("alignment", "annotated", "filtered", "qc", "reported", "report", "variants")
TWO_SLOTS = ("--set-threads", "sample_qc=2")  # so few reads ask for one, which shows no parallel environment
NO_CONTAINERS = ("--sdm=env-modules",)  # replaces the method of a profile; there is no Apptainer here
WHOLE = "GMS_TEST_WHOLE"  # set: Uppsala and Gothenburg run the whole miniature data set from nothing, some minutes
SETTINGS = {"slurm": {"min_job_age": 3_600}}  # the tests look at jobs after all runs have ended
PATIENCE = 900  # seconds for a run
NO_SCHEDULER = ("linkoping", "orebro", "umea")  # theirs is not public: their profiles run on one machine
EFFICIENCY = ("--slurm-efficiency-report", "--slurm-efficiency-report-path")


class Centre:
    """One run of ./gms in the background on the data set in a folder."""

    def __init__(self, folder: Path, variables: dict[str, str], *words: object):
        self.folder, self.results, self.said = folder, folder / "results", folder / "said.txt"
        command = [str(runs.PROJECT / "gms"), "run", "--configfile", str(folder / "run.yaml"), *map(str, words)]
        with self.said.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=runs.PROJECT,
                env=variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def done(self) -> subprocess.CompletedProcess:
        """The ended run, with all that a user saw as `stdout`."""
        code = self.process.wait(timeout=PATIENCE)
        return subprocess.CompletedProcess(self.process.args, code, self.said.read_text())

    def stop(self) -> None:
        """End the run and what it started here, where it has not ended."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Centres:
    """Runs in the background of the miniature data set `mini`, of which `finished` holds the results of a local run."""

    def __init__(self, mini: Path, finished: Path, folder: Path):
        self.mini, self.finished, self.folder = mini, finished, folder
        self.clusters: dict[str, slurm.Slurm | gridengine.GridEngine] = {}
        self.runs: dict[str, Centre] = {}

    def prepare(self, name: str, ready: tuple[str, ...] = READY, cases: tuple[str, ...] = (CASE,)) -> Path:
        """The data set with these cases, and the results in which it has `ready`."""
        folder = runs.subset(self.mini, self.folder / name.replace(":", "-"), list(cases))
        for part in ready:
            copy(self.finished / part, folder / "results" / part)
        return folder

    def start(self, name: str, cluster: str | None, folder: Path, *options: object) -> None:
        """Start a run of a data set; `name` is a profile, with more words after a colon where it runs twice."""
        words = ["--profile", name.partition(":")[0], *options]
        variables = self.clusters[cluster].environment if cluster else dict(os.environ)
        self.runs[name] = Centre(folder, variables, *words)

    def stop(self) -> None:
        """End every run: without its cluster it would wait."""
        for centre in self.runs.values():
            centre.stop()

    def start_main(self, name: str, cluster: str, options: Iterable[object]) -> None:
        """Start a run of one case, or of the whole data set where that is asked for."""
        if os.environ.get(WHOLE):
            every = tuple(dict.fromkeys(row["case"] for row in runs.table(self.mini / "samples.tsv")))
            self.start(name, cluster, self.prepare(name, (), every), *options)
        else:
            self.start(name, cluster, self.prepare(name), *options, *TARGETS)

    def start_here(self) -> None:
        """The centres without a known scheduler: their profiles are one but for the name, so that one of them runs from
        the reads and the others from what was called."""
        for name in NO_SCHEDULER:
            ready = READY if name == NO_SCHEDULER[0] else CALLED
            self.start(name, None, self.prepare(name, ready), *TARGETS)

    def start_on_slurm(self) -> None:
        """Uppsala and Lund, and a run whose last steps, one group, find a broken file."""
        self.start_main("uppsala", "slurm", slurm.SOON)
        self.start("lund", "slurm", self.prepare("lund"), *slurm.SOON, *TARGETS)
        folder = self.prepare("lund:broken", ("reference", "run.json", "qc", "alignment", "variants", "annotated"))
        break_file(folder / "results" / "annotated" / f"{CASE}.vcf.gz")
        self.start("lund:broken", "slurm", folder, *slurm.SOON, "--retries", 0, f"report/{CASE}.html")

    def start_with_accounts(self) -> None:
        """Stockholm, which wants to know afterwards how well its jobs used what they asked for."""
        report = (*EFFICIENCY, self.folder)
        self.start("stockholm", "accounts", self.prepare("stockholm"), *slurm.SOON, *report, *TARGETS)

    def start_on_grid_engine(self) -> None:
        """Gothenburg and NGPc, and the steps over all cases, which use programs of our own environment."""
        self.start_main("gothenburg", "grid engine", (*TWO_SLOTS, *gridengine.SOON))
        options = (*TWO_SLOTS, *gridengine.SOON, *NO_CONTAINERS)
        self.start("ngpc", "grid engine", self.prepare("ngpc"), *options, *TARGETS)
        name = "gothenburg:overview"
        folder = self.prepare(name, ("reference", "run.json", *CASE_FOLDERS))
        (folder / "results" / "report" / "multiqc.html").unlink()
        self.start(name, "grid engine", folder, *gridengine.SOON, "report/multiqc.html")


@contextmanager
def all_at_once(mini: Path, finished: Path, folder: Path) -> Iterator[Centres]:
    """Every cluster that can be started here, with its centres' runs; ended afterwards."""
    with ExitStack() as stack:
        centres = Centres(mini, finished, folder)
        stack.callback(centres.stop)
        centres.start_here()
        for name, kind, reason, start in (
            ("grid engine", gridengine.GridEngine, gridengine.why_no_grid_engine(), centres.start_on_grid_engine),
            ("slurm", slurm.Slurm, slurm.why_no_slurm(), centres.start_on_slurm),
            ("accounts", accounts.SlurmWithAccounts, accounts.why_no_accounts(), centres.start_with_accounts),
        ):
            if reason is None:
                place = folder / f"cluster-{name.replace(' ', '-')}"
                place.mkdir()
                centres.clusters[name] = stack.enter_context(kind(place, **SETTINGS.get(name, {})))
                stack.callback(centres.stop)
                start()
        yield centres


def break_file(path: Path) -> None:
    """Cut a file in the middle."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def copy(path: Path, to: Path) -> None:
    """A copy with the same times, else Snakemake would make anew what was made from it."""
    to.parent.mkdir(parents=True, exist_ok=True)
    (shutil.copytree if path.is_dir() else shutil.copy2)(path, to)
