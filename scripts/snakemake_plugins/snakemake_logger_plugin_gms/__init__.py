"""Snakemake logger plugin `gms`: each event of a run as one line of JSON. Standard library and Snakemake's interface.

Standard error gets the lines in place of Snakemake's text, each marked by the ASCII record separator (RFC 7464), since
programs of jobs print there as well: ./gms run reads this stream, which works on a full disk too. The file of
--logger-gms-file gets the same lines from the start of the workflow on: ./gms status reads it. The Snakemake of a
cluster job loads no logger plugin, so only one process writes to a file."""

import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase

MARK = "\x1e"
STANDARD_ERROR = 2


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    """Options of the plugin."""

    # None where there is no file; the interface makes an option of a plain type only.
    file: Path = field(default=None, metadata={"help": "JSON lines file that events are appended to"})


class LogHandler(LogHandlerBase):
    """Writes events. What cannot be written is left out: a run does not fail for want of its record."""

    writes_to_stream = True
    writes_to_file = False  # not one of the logs that Snakemake lists at its end
    has_filter = True  # --quiet and --dry-run must not hide events
    has_formatter = True
    needs_rulegraph = False

    def __post_init__(self) -> None:
        self.descriptor: int | None = None
        self.is_broken = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record where it is an event or a message."""
        facts = event_facts(record)
        if facts is None:
            return
        line = json.dumps({"time": round(record.created, 3), **facts}, default=str)
        with suppress(OSError):
            write(STANDARD_ERROR, f"{MARK}{line}\n")
        if facts["event"] == LogEvent.WORKFLOW_STARTED:
            self.open_file()
        if self.descriptor is not None:
            self.append(line)

    def open_file(self) -> None:
        """Create the file and its folder; where that is not possible there is none."""
        if self.settings is not None and self.settings.file is not None:
            with suppress(OSError):
                self.settings.file.parent.mkdir(parents=True, exist_ok=True)
                self.descriptor = os.open(self.settings.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)

    def append(self, line: str) -> None:
        """Add a line; the one after an incomplete one, as of a full disk, begins anew."""
        try:
            write(self.descriptor, "\n" * self.is_broken + line + "\n")
            self.is_broken = False
        except OSError:
            self.is_broken = True

    def close(self) -> None:
        """Close the file."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
        super().close()


def write(descriptor: int, text: str) -> None:
    """Write all of a text. Raises OSError."""
    rest = text.encode()
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def event_facts(record: logging.LogRecord) -> dict | None:
    """What is kept of a record: `event` and its facts; None for what nobody reads, such as shell commands."""
    event = getattr(record, "event", None)
    if event is None or event == LogEvent.ERROR:
        facts = {"exception": record.exception} if event else {}
        name = "error" if event else "message"
        return {"event": name, "level": record.levelname.lower(), "text": str(record.msg or ""), **facts}
    facts = FACTS.get(event)
    return {"event": str(event), **facts(record)} if facts else None


def workflow_facts(record: logging.LogRecord) -> dict:
    """Who runs what, and where; `log` is Snakemake's own, which holds the same."""
    handlers = logging.getLogger(record.name).handlers
    logs = [handler.baseFilename for handler in handlers if isinstance(handler, logging.FileHandler)]
    configs = [str(path) for path in record.configfiles]
    return {"host": record.host, "user": record.user, "configfiles": configs, "log": next(iter(logs), None)}


def job_facts(record: logging.LogRecord) -> dict:
    """A job that starts or is submitted; `resources` as at this attempt: mem_mb (MB), runtime (minutes) ..."""
    resources = {name: value for name, value in record.resources.items() if isinstance(value, int) and name[0] != "_"}
    return {
        "jobid": record.jobid,
        "rule": record.rule_name,
        "wildcards": dict(record.wildcards),
        "log": [str(path) for path in record.log],
        "local": bool(record.local),
        "resources": resources,
    }


def failure_facts(info: dict) -> dict:
    """A job that failed; `external` is its id at the scheduler."""
    return {
        "jobid": info["jobid"],
        "rule": info["rule_name"],
        "message": info["rule_msg"],
        "log": [str(path) for path in info["log"]],
        "external": info["aux"].get("external_jobid"),
    }


def group_failure_facts(record: logging.LogRecord) -> dict:
    """Jobs that were submitted together and failed; `log`: of the submission."""
    logs = [str(path) for path in record.aux_logs]
    return {"log": logs, "jobs": [failure_facts(info) for info in record.job_error_info]}


FACTS = {
    LogEvent.WORKFLOW_STARTED: workflow_facts,
    LogEvent.RUN_INFO: lambda record: {"stats": dict(record.stats)},
    LogEvent.JOB_STARTED: lambda record: {"jobids": list(record.jobs)},
    LogEvent.JOB_INFO: job_facts,
    LogEvent.JOB_FINISHED: lambda record: {"jobid": record.job_id},
    LogEvent.JOB_ERROR: lambda record: failure_facts(vars(record)),
    LogEvent.GROUP_ERROR: group_failure_facts,
    LogEvent.PROGRESS: lambda record: {"done": record.done, "total": record.total},
}
