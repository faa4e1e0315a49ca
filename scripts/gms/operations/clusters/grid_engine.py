"""Grid Engine: what of a profile does not fit the cluster."""

import os
import re
from pathlib import Path

from gms.base.problems import unknown
from gms.base.project import PROJECT
from gms.operations.clusters.profile import Profile, Remark, ask, missing_programs, most_threads

PROGRAMS = PROJECT / "scripts" / "grid_engine"  # qsub in the terms of the cluster
MEMORY = "h_vmem"
MEMORIES = ("h_vmem", "m_mem_free", "mem_free", "h_rss", "virtual_free", "tmem")  # what carries memory at sites
TRIAL = {"memory": 16_000, "minutes": 720}  # MB and minutes: what aligning a human genome asks for


def remarks(profile: Profile) -> list[Remark]:
    """What of the profile does not fit the Grid Engine of this machine."""
    missing = missing_programs("qsub", "qstat", "qconf", "qacct")
    if missing:
        return missing
    answer = ask("qconf", "-sc")
    if answer.code != 0:
        return [Remark("wrong", f"Grid Engine does not answer: {answer.reason}")]
    found = [Remark("ok", f"Grid Engine of {os.environ.get('SGE_CELL', 'default')} answers")]
    found += [*queues(profile), *parallel_environment(profile), *complexes(profile, answer.text)]
    return found if any(remark.kind == "wrong" for remark in found) else [*found, trial(profile)]


def queues(profile: Profile) -> list[Remark]:
    """Whether the queues exist."""
    names = [str(name) for name in (profile.keys.get("sge-queue"), *profile.places("sge_queue")) if name]
    known = ask("qconf", "-sql").text.split()
    found = []
    for name in dict.fromkeys(names):
        wrong = Remark("wrong", f"sge-queue: {unknown('queue', name, known)}")
        found.append(Remark("ok", f"queue {name}") if name in known else wrong)
    return found


def parallel_environment(profile: Profile) -> list[Remark]:
    """Whether the parallel environment exists, belongs to the queue, and keeps the threads of a job on one machine."""
    name = profile.keys.get("sge-pe")
    if not name:
        return [
            Remark("wrong", "sge-pe is not set; jobs with several threads need a parallel environment (qconf -spl)")
        ]
    known = ask("qconf", "-spl").text.split()
    if name not in known:
        return [Remark("wrong", f"sge-pe: {unknown('parallel environment', name, known)}")]
    rule = re.search(r"^allocation_rule\s+(\S+)", ask("qconf", "-sp", name).text, re.MULTILINE)
    found = [Remark("ok", f"parallel environment {name}", "sge-pe")]
    if rule and rule[1] != "$pe_slots":
        text = f"sge-pe: {name} may spread the threads of a job over machines (allocation_rule {rule[1]})"
        found = [Remark("wrong", f"{text}; ask for one with $pe_slots")]
    queue = profile.keys.get("sge-queue")
    listed = re.search(r"^pe_list\s+((?:.*\\\n)*.*)", ask("qconf", "-sq", queue).text, re.MULTILINE) if queue else None
    offered = re.findall(r"[^\s,\\]+", listed[1]) if listed else [name]
    if name not in offered:
        found.append(Remark("wrong", f"sge-pe: queue {queue} does not offer {name} (it offers {', '.join(offered)})"))
    return found


def memory_complex(profile: Profile) -> str:
    """The complex that carries the memory of a job: h_vmem, another name, or none (scripts/grid_engine/qsub)."""
    said = re.search(r"\bmemory_is=(\w+)", profile.resource("sge_extra") or "")
    return said[1] if said else MEMORY


def complexes(profile: Profile, table: str) -> list[Remark]:
    """Whether memory and time can be asked for, given what `qconf -sc` printed."""
    rows = [line.split() for line in table.splitlines() if line and not line.startswith("#")]
    known = {name: row for row in rows if len(row) >= 5 for name in row[:2]}
    sizes = [name for name in MEMORIES if name in known]
    found, memory = [], memory_complex(profile)
    if memory == "none":
        text = "no memory is asked for (memory_is=none): jobs may fill a machine; complexes that could carry it: "
        return [Remark("note", text + ", ".join(sizes))]
    for name, what in ((memory, "memory"), ("h_rt", "time")):
        if name not in known:
            hint = (
                f"; set  sge_extra: \"'-ac memory_is=NAME'\"  to one of {', '.join(sizes)}" if what == "memory" else ""
            )
            found.append(Remark("wrong", f"complex {name}, with which jobs ask for {what}, does not exist{hint}"))
        elif known[name][4] == "NO":
            found.append(Remark("wrong", f"complex {name}, with which jobs ask for {what}, is not requestable"))
        else:
            found.append(Remark("ok", f"complex {name} carries the {what}"))
    return found


def trial(profile: Profile) -> Remark:
    """Whether a job as large as any could run; nothing is submitted."""
    threads = most_threads(profile)
    size = ["-l", f"h_rt={TRIAL['minutes'] // 60}:00:00", "-l", f"h_vmem={TRIAL['memory'] // threads}M"]
    context = ["-ac", f"memory_is={memory_complex(profile)}"]
    command = [str(PROGRAMS / "qsub"), "-w", "v", "-b", "y", *placement(profile, threads), *size, *context, "true"]
    asked = f"a job of {threads} threads, {TRIAL['memory']:,} MB and {TRIAL['minutes'] // 60} h"
    answer = ask(*command)
    if answer.code == 0:
        return Remark("ok", f"{asked} could run")
    lines = [line for line in answer.error.splitlines() if "Unable to run job: " in line] or [answer.reason]
    reason = re.sub(r"\bJob \d+ ", "it ", lines[0].removeprefix("Unable to run job: "))
    return Remark("wrong", f"{asked} could not: {reason}; `max-threads: N` in the profile caps the threads")


def placement(profile: Profile, threads: int) -> list[str]:
    """Options of qsub that say where jobs of a profile go."""
    queue = ["-q", str(profile.keys["sge-queue"])] if "sge-queue" in profile.keys else []
    return ["-pe", str(profile.keys["sge-pe"]), str(threads), *queue]


def search_path(path: str) -> str:
    """PATH with our qsub first."""
    return os.pathsep.join([str(PROGRAMS), *(part for part in path.split(os.pathsep) if Path(part) != PROGRAMS)])
