"""Events as the logger plugin writes them, for tests that need a run without starting one."""

import json
from collections.abc import Iterable

from gms.operations.run.events import MARK, Progress

BEGUN = 1_790_000_000.0  # seconds since 1970


def event(name: str, **facts: object) -> str:
    """One line of an event file."""
    return json.dumps({"time": BEGUN, "event": name, **facts})


def started(host: str = "node1", configfiles: Iterable[object] = (), log: str = "x.log", user: str = "anna") -> str:
    configs = [str(path) for path in configfiles]
    return event("workflow_started", host=host, user=user, configfiles=configs, log=log)


def planned(**stats: int) -> str:
    return event("run_info", stats={**stats, "total": sum(stats.values())})


def job(jobid: int, rule: str, log: str = "", local: bool = False, **wildcards: str) -> str:
    """A job that was started or submitted; it asks for 100 MB and 5 minutes."""
    logs = [log or f"logs/{rule}/{'-'.join(wildcards.values()) or rule}.log"]
    resources = {"mem_mb": 100, "mem_mib": 96, "runtime": 5}
    return event("job_info", jobid=jobid, rule=rule, wildcards=wildcards, log=logs, local=local, resources=resources)


def failed(jobid: int, rule: str, *logs: str, message: str | None = None, external: str | None = None) -> str:
    return event("job_error", **failure(jobid, rule, *logs, message=message, external=external))


def failure(jobid: int, rule: str, *logs: str, message: str | None = None, external: str | None = None) -> dict:
    return {"jobid": jobid, "rule": rule, "message": message, "log": list(logs), "external": external}


def finished(jobid: int, done: int, total: int) -> list[str]:
    return [event("job_finished", jobid=jobid), event("progress", done=done, total=total)]


def message(text: str, level: str = "info") -> str:
    return event("message", level=level, text=text)


def read(*events: str) -> tuple[Progress, list[str]]:
    """The state after these events on standard error, and the news they were."""
    progress = Progress()
    return progress, [news for line in events if (news := progress.feed(f"{MARK}{line}\n"))]
