"""Slurm: how a run has to ask for the state of its jobs, and what of a profile does not fit the cluster."""

import getpass
import re

from gms.base.errors import GmsError
from gms.base.problems import unknown
from gms.operations.clusters.profile import Answer, Profile, Remark, ask, missing_programs, most_threads

OPTION = "--slurm-status-command"
# The executor may let 180 s pass between its questions (max_sleep_time of snakemake-executor-plugin-slurm 2.8.0). A job
# that squeue has forgotten by then would be waited for without end.
LEAST_JOB_AGE = 210  # seconds
TRIAL = {"memory": 16_000, "minutes": 720}  # MB and minutes: what aligning a human genome asks for


def status_options(profile: Profile, given: list[str]) -> list[str]:
    """Options with which the executor learns of ended jobs on this cluster: none where sacct, its default, answers.

    Raises GmsError where Slurm does not answer, or where no way to learn of ended jobs is sure.
    """
    if OPTION.lstrip("-") in profile.keys or any(word.split("=")[0] == OPTION for word in given):
        return []
    settings = settings_of(ask("scontrol", "show", "config"))
    if keeps_accounts(settings) and ask("sacct", "-X", "-n", "--starttime", "now").code == 0:
        return []
    age = job_age(settings)
    if age < LEAST_JOB_AGE:
        raise GmsError(too_forgetful(age))
    return [OPTION, "squeue"]


def settings_of(answer: Answer) -> dict[str, str]:
    """The settings that `scontrol show config` told. Raises GmsError where it did not."""
    if answer.code != 0:
        raise GmsError(
            f"Slurm does not answer (scontrol show config: {answer.reason}); ./gms doctor --profile shows details"
        )
    return dict(re.findall(r"^(\w+)\s*= (.*?)\s*$", answer.text, re.MULTILINE))


def keeps_accounts(settings: dict[str, str]) -> bool:
    """Whether ended jobs are kept in a database, so that sacct can report them."""
    return settings.get("AccountingStorageType", "none") not in ("", "none", "(null)", "accounting_storage/none")


def job_age(settings: dict[str, str]) -> int:
    """Seconds for which squeue reports an ended job; 300 is Slurm's default."""
    found = re.match(r"\d+", settings.get("MinJobAge", ""))
    return int(found[0]) if found else 300


def too_forgetful(age: int) -> str:
    """Why a run cannot know when its jobs end."""
    return (
        f"Slurm keeps no accounting here and forgets ended jobs after {age} s (MinJobAge): a run would wait forever "
        "for a job whose end it missed; ask the administrators for MinJobAge=300 in slurm.conf or for slurmdbd"
    )


def remarks(profile: Profile) -> list[Remark]:
    """What of the profile does not fit the Slurm of this machine."""
    missing = missing_programs("sbatch", "squeue", "scontrol", "srun")
    if missing:
        return missing
    try:
        settings = settings_of(ask("scontrol", "show", "config"))
    except GmsError:
        return [Remark("wrong", f"Slurm does not answer: {ask('scontrol', 'show', 'config').reason}")]
    found = [Remark("ok", f"Slurm {settings.get('SLURM_VERSION', '')} of cluster {settings.get('ClusterName', '?')}")]
    found += [accounting(settings), *map(partition, profile.places("slurm_partition"))]
    found += membership(profile) if keeps_accounts(settings) else []
    return found if any(remark.kind == "wrong" for remark in found) else [*found, trial(profile)]


def accounting(settings: dict[str, str]) -> Remark:
    """How runs learn of ended jobs, in words."""
    if keeps_accounts(settings):
        answer = ask("sacct", "-X", "-n", "--starttime", "now")
        if answer.code == 0:
            return Remark("ok", "accounting works: sacct reports how jobs ended, --slurm-efficiency-report works")
        return Remark("note", f"accounting is configured but sacct fails ({answer.reason}): runs use squeue instead")
    age = job_age(settings)
    if age < LEAST_JOB_AGE:
        return Remark("wrong", too_forgetful(age))
    return Remark("ok", f"no accounting: runs use squeue instead, which remembers ended jobs for {age} s")


def partition(name: str) -> Remark:
    """Whether there is a partition of this name, and it takes jobs."""
    lines = ask("scontrol", "--oneliner", "show", "partition").text.splitlines()
    states = dict(re.search(r"PartitionName=(\S+).*\bState=(\w+)", line).groups() for line in lines if "State=" in line)
    if name not in states:
        return Remark("wrong", f"slurm_partition: {unknown('partition', name, states)}")
    if states[name] != "UP":
        return Remark("wrong", f"slurm_partition: {name} accepts no jobs now: its state is {states[name]}")
    return Remark("ok", f"partition {name}")


def membership(profile: Profile) -> list[Remark]:
    """Whether this user may use the account and the quality of service; only accounting knows."""
    user, found = getpass.getuser(), []
    answer = ask("sacctmgr", "-n", "-P", "list", "user", user, "withassoc", "format=account")
    accounts, account = set(answer.text.split()), profile.resource("slurm_account")
    if account and accounts:
        is_mine = account.lower() in accounts
        wrong = Remark("wrong", f"slurm_account: you may not use {account} (yours: {', '.join(sorted(accounts))})")
        found.append(Remark("ok", f"account {account}", "slurm_account") if is_mine else wrong)
    qos = profile.keys.get("slurm-qos")
    known = set(ask("sacctmgr", "-n", "-P", "list", "qos", "format=name").text.split())
    if qos and known and qos not in known:
        found.append(Remark("wrong", f"slurm-qos: {unknown('quality of service', qos, known)}"))
    return found


def trial(profile: Profile) -> Remark:
    """Whether a job as large as any would be taken; nothing is submitted."""
    threads = most_threads(profile)
    size = [f"--cpus-per-task={threads}", f"--mem={TRIAL['memory']}", f"--time={TRIAL['minutes']}"]
    command = ["sbatch", "--test-only", *size, *placement(profile), "--wrap=true"]
    asked = f"a job of {threads} threads, {TRIAL['memory']:,} MB and {TRIAL['minutes'] // 60} h"
    answer = ask(*command)
    if answer.code == 0:
        return Remark("ok", f"{asked} would be accepted")
    reason = answer.reason.removeprefix("allocation failure: ")
    return Remark("wrong", f"{asked} would not: {reason}; `max-threads: N` in the profile caps the threads")


def placement(profile: Profile) -> list[str]:
    """Options of sbatch that say where jobs of a profile go and who pays."""
    options = {"--partition": "slurm_partition", "--account": "slurm_account"}
    found = [f"{option}={value}" for option, name in options.items() if (value := profile.resource(name))]
    return found + ([f"--qos={profile.keys['slurm-qos']}"] if "slurm-qos" in profile.keys else [])
