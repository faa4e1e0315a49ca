"""What a notice says of a run: how it ended, in numbers. No case, sample, path, host or user is named."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gms.base.project import PROJECT, workflow_version
from gms.base.tables import duration
from gms.inputs.run_model import Case
from gms.operations.run.conclusion import case_ends
from gms.operations.run.event_files import event_files, read_events
from gms.operations.run.events import Progress

WORDS = {
    "done": "is done",
    "failed": "failed",
    "stopped": "was stopped on request",
    "lost": "lost its jobs at the scheduler",
    "killed": "was killed",
    "not started": "could not start",
}


@dataclass(frozen=True)
class Notice:
    """The end of a run. `run`: random letters that the run showed at its start, which tell several runs apart. `cases`:
    number of cases by QC status, `job failed` or `unfinished`; `seconds`: from start to end."""

    run: str
    outcome: str
    seconds: float
    jobs: int = 0
    jobs_done: int = 0
    jobs_failed: int = 0
    cases: dict[str, int] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """One line: gms run 3f9a1c2e failed."""
        return f"gms run {self.run} {WORDS[self.outcome]}"

    def text(self) -> str:
        """A few lines for people."""
        lines = [f"{self.subject} after {duration(self.seconds)}."]
        if self.jobs:
            failed = f", {self.jobs_failed} failed" if self.jobs_failed else ""
            lines.append(f"Jobs: {self.jobs_done} of {self.jobs} done{failed}.")
        if self.cases:
            lines.append(f"Cases: {', '.join(f'{number} {status}' for status, number in self.cases.items())}.")
        return "\n".join([*lines, "Details are where the run was started: ./gms status RESULTS"])

    def fields(self) -> dict[str, Any]:
        """For programs; `text` is what chat services show."""
        names = ("run", "outcome", "jobs", "jobs_done", "jobs_failed", "cases")
        facts = {name: getattr(self, name) for name in names}
        version = workflow_version(PROJECT)
        return {"text": self.text(), **facts, "seconds": round(self.seconds), "workflow": f"gms {version}"}


def make_notice(run: str, begun: float, before: Sequence[Path], results: Path, cases: Sequence[Case]) -> Notice:
    """The notice of a run that ended now. `begun`: seconds since 1970; `before`: event files that were there then."""
    new = [path for path in event_files(results) if path not in before]
    progress = read_events(new[-1]) if new else Progress()
    outcome = progress.ended.get("outcome", "killed") if progress.started else "not started"
    if outcome == "failed" and not progress.total:
        outcome = "not started"  # its inputs were refused
    statuses = Counter(end.status for end in case_ends(cases, progress, results)) if progress.started else {}
    return Notice(
        run=run,
        outcome=outcome if outcome in WORDS else "failed",
        seconds=max(0.0, time.time() - begun),
        jobs=progress.total,
        jobs_done=progress.done,
        jobs_failed=len(progress.failed),
        cases=dict(statuses),
    )
