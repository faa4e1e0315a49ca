"""Jobs that the scheduler has lost: a controller that is killed before it saves a submission does not know it
afterwards, and Snakemake would wait for that job forever."""

import signal
import subprocess
import time

from gms.operations.run.events import Progress
from gms.operations.run.orphans import SchedulerSilent, jobs_of

EVERY = 60.0  # seconds of silence after which the scheduler is asked
PATIENCE = 900.0  # seconds of silence; the executors ask for the state of jobs at least every 180 s
LOST = """error: the scheduler no longer knows any job of this run, but {jobs} had not ended: {names}.
They were lost, as happens when the controller of Slurm is killed. The run was stopped after {done} of {total} jobs;
repeat the same command."""


class Watch:
    """Measures how long a run has waited although the scheduler has no job of it."""

    def __init__(self, now: float | None = None):
        self.asked = self.last_sign = time.monotonic() if now is None else now
        self.stopped: float | None = None

    def waits_in_vain(self, progress: Progress, is_news: bool, now: float | None = None) -> bool:
        """Whether all jobs that the run waits for are lost; `is_news`: Snakemake has just said something."""
        now = time.monotonic() if now is None else now
        if is_news or not progress.cluster_runs or not self.waits_for_scheduler(progress):
            self.last_sign = now
        elif now - max(self.asked, self.last_sign) >= EVERY:
            self.asked = now
            if self.has_jobs(progress.cluster_runs):
                self.last_sign = now
        return now - self.last_sign > PATIENCE or self.stopped is not None

    def stop(self, snakemake: subprocess.Popen) -> None:
        """Interrupt Snakemake, which unlocks the folder; kill it where it does not end."""
        now = time.monotonic()
        if self.stopped is None:
            self.stopped = now
            snakemake.send_signal(signal.SIGINT)
        elif now - self.stopped > EVERY:
            snakemake.kill()

    def waits_for_scheduler(self, progress: Progress) -> bool:
        """Whether jobs have begun, and none of them on this machine."""
        return bool(progress.running) and not any(job.is_local for job in progress.running.values())

    def has_jobs(self, runs: list[str]) -> bool:
        """Whether the scheduler has jobs of the run, or does not say."""
        try:
            return any(jobs_of(run) for run in runs)
        except SchedulerSilent:
            return True


def lost(progress: Progress) -> str:
    """The last lines of a run that waited for lost jobs."""
    names = [job.label for job in progress.running.values()]
    more = ", …" if len(names) > 5 else ""
    jobs = f"{len(names)} job{'s' if len(names) != 1 else ''}"
    return LOST.format(jobs=jobs, names=", ".join(names[:5]) + more, done=progress.done, total=progress.total)
