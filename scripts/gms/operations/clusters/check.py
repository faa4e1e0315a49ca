"""gms doctor --profile P: what a site still has to fill in, and what of the profile does not fit the cluster."""

import shlex
import socket
import subprocess
import tempfile
from pathlib import Path

from gms.base.project import PROJECT
from gms.operations.clusters import containers, grid_engine, slurm
from gms.operations.clusters.profile import Answer, Profile, Remark, ask

CLUSTERS = {"slurm": slurm.remarks, "sge": grid_engine.remarks}
OWN_DISKS = {"btrfs", "ext2", "ext3", "ext4", "overlay", "tmpfs", "xfs", "zfs"}  # no other machine sees these
TRIAL_MINUTES = 5


def report(profile: Profile, results: Path | None, submit: bool) -> tuple[list[str], bool]:
    """The lines that doctor prints of a profile, and whether runs with it can work."""
    asks_cluster = CLUSTERS.get(profile.executor)
    if asks_cluster:
        found = asks_cluster(profile)
        works = all(remark.kind != "wrong" for remark in found)
        found += try_job(profile, results) if submit and works else places(results)
    else:
        found = [Remark("ok", f"jobs run on this machine, on {profile.keys.get('cores', 'the given')} cores")]
    found = [*to_fill_in(profile, found), *found, *containers.remarks(profile)]
    lines = [f"Profile {profile.name} ({profile.path}):", *(f"  {remark.kind:<9}{remark.text}" for remark in found)]
    return lines, all(remark.kind not in ("wrong", "fill in") for remark in found)


def to_fill_in(profile: Profile, found: list[Remark]) -> list[Remark]:
    """A remark for each placeholder that the cluster did not know as a value of its own."""
    known = {remark.key for remark in found if remark.kind == "ok"}
    text = "line {}, {}: {} is a placeholder; put yours, and take the word out of the comment"
    return [Remark("fill in", text.format(*place)) for place in profile.placeholders() if place[1] not in known]


def places(results: Path | None) -> list[Remark]:
    """Whether the folders that jobs need lie on a disk that other machines can see."""
    found = []
    for folder in [PROJECT, *([results] if results else [])]:
        kind = ask("stat", "--file-system", "--format=%T", str(existing(folder))).text.strip()
        kind = {"ext2/ext3": "ext4", "overlayfs": "overlay"}.get(kind, kind)
        if kind in OWN_DISKS:
            text = f"{folder} is on a disk of this machine ({kind}), which nodes do not see unless it is shared"
            found.append(Remark("note", f"{text}; --submit sends a small job that looks"))
    return found


def existing(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def try_job(profile: Profile, results: Path | None) -> list[Remark]:
    """Send a small job as runs would, which looks for this folder, its software and the results folder."""
    place = results or PROJECT
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".doctor-", dir=place) as folder:
        seen = Path(folder) / "seen"
        python = shlex.quote(f"{PROJECT}/.env/bin/python")
        script = f"#!/bin/bash\n{python} -c 'import snakemake' && hostname > {shlex.quote(str(seen))}\n"
        (Path(folder) / "job.sh").write_text(script)
        answer = submit_and_wait(profile, Path(folder))
        if answer.code == 0 and seen.is_file():
            return [Remark("ok", f"a job ran on {seen.read_text().strip()} and saw {PROJECT} and {place}")]
        said = (Path(folder) / "said").read_text().strip() if (Path(folder) / "said").is_file() else ""
        reason = (said or answer.reason).splitlines()[-1]
    where = f"{PROJECT}, its .env and {place} must be seen by all nodes"
    return [Remark("wrong", f"a small job, sent from {socket.gethostname()}, failed: {reason}; {where}")]


def submit_and_wait(profile: Profile, folder: Path) -> Answer:
    """Submit job.sh of a folder with the profile's account, partition or queue, and wait for its end."""
    minutes, said = TRIAL_MINUTES, f"{folder}/said"
    if profile.executor == "slurm":
        command = ["sbatch", "--wait", f"--time={minutes}", "--mem=1000", f"--output={said}", *slurm.placement(profile)]
    else:
        command = [str(grid_engine.PROGRAMS / "qsub"), "-sync", "y", "-j", "y", "-o", said, "-S", "/bin/bash"]
        command += ["-l", f"h_rt=0:{minutes:02}:00", *grid_engine.placement(profile, 1)]
    try:
        call = [*command, f"{folder}/job.sh"]
        done = subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60 * minutes)
    except subprocess.TimeoutExpired:
        return Answer(1, "", f"it did not end within {minutes} minutes (it may still wait in the queue)")
    return Answer(done.returncode, done.stdout, done.stderr)
