"""gms benchmark faults: runs that are killed at random moments, on a real Slurm and on this machine, and resumed."""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import yaml

import runs
from benchmarks.disturbance import CASE, HERE, ON_CLUSTER, SAMPLES, Trial
from benchmarks.kills import carry_out
from clusters import slurm
from gms.base.errors import GmsError
from gms.base.project import PROJECT

KILLS_PER_RUN = 9
MOST_FOLDERS = 8  # for the kills of one share
AT_ONCE = 4  # runs: most of their time they wait for Slurm to be asked again


def main(argv: list[str]) -> int:
    """Kill runs of the smallest case of the miniature data set, resume them, and compare with an undisturbed run."""
    parser = argparse.ArgumentParser(prog="gms benchmark faults", description=main.__doc__)
    parser.add_argument("--kills", type=int, default=32, help="how many in all; default: 32, of which a fifth is local")
    parser.add_argument("--seed", type=int, default=20_261_123, help="what the random moments begin with")
    parser.add_argument("--keep", type=Path, help="folder to work in, which is kept; default: a temporary one")
    options = parser.parse_args(argv)
    if reason := slurm.why_no_slurm():
        raise GmsError(f"this benchmark needs root and a Slurm that it can start: {reason}")
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    place = nullcontext(str(options.keep)) if options.keep else tempfile.TemporaryDirectory()
    with place as folder:
        return measure(Path(folder).resolve(), options.kills, options.seed)


def measure(folder: Path, kills: int, seed: int) -> int:
    """All runs; prints the table. 1 where a byte differs or a finished job was done again."""
    begin, expected = time.monotonic(), undisturbed(folder)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [
            pool.submit(one_run, folder, f"run-{number}", kinds, on_cluster, expected, seed)
            for number, (kinds, on_cluster) in enumerate(shares(kills, random.Random(seed)), start=1)
        ]
        ended = [job.result() for job in jobs]
    wrong = [line for _, lines in ended for line in lines]
    total = sum(number for number, _ in ended)
    print("\n".join(wrong) or "every run ended with the bytes of the undisturbed one; no finished job was done again")
    print(f"{total} kills in {time.monotonic() - begin:.0f} s, seed {seed}")
    return 1 if wrong else 0


def one_run(folder: Path, name: str, kinds: list[str], on_cluster: bool, expected: dict[str, str], seed: int):
    """Results folders, one after the other, killed and resumed to their ends until all kills are done: number of
    kills, and what is wrong with the results."""
    chance, done, wrong, again = random.Random(f"{seed} {name}"), 0, [], 0
    while kinds and not wrong and again < MOST_FOLDERS:
        again += 1
        trial = prepared(folder, f"{name}-{again}", chance)
        try:
            with cluster(trial.folder) if on_cluster else nullcontext() as trial.cluster:
                kinds = carry_out(trial, kinds)
                wrong = verdict(trial, expected)
        except (TimeoutError, AssertionError) as error:
            wrong = [f"{trial.folder.name}: {error}"]
        where = "Slurm" if on_cluster else "this machine"
        print("\n".join([f"{trial.folder.name}, {where}:", *rows(trial), *wrong]), flush=True)
        done += len(trial.kills)
    return done, wrong


def cluster(folder: Path):
    """A Slurm whose nodes hold what a third attempt asks for."""
    return slurm.Slurm(folder / "slurm", memory=64_000)


def shares(kills: int, chance: random.Random) -> list[tuple[list[str], bool]]:
    """The kills of each run, every kind as often, in random order; and whether it is on the cluster."""
    local = kills // 5
    runs = []
    for number, kinds, on_cluster in ((kills - local, ON_CLUSTER, True), (local, HERE, False)):
        chosen = [kinds[index % len(kinds)] for index in range(number)]
        chance.shuffle(chosen)
        runs += [(chosen[at : at + KILLS_PER_RUN], on_cluster) for at in range(0, number, KILLS_PER_RUN)]
    return runs


def undisturbed(folder: Path) -> dict[str, str]:
    """The miniature data set, and what a run of its smallest case makes when nothing happens."""
    if not (folder / "data").exists():
        variables = {**os.environ, "PYTHONPATH": str(PROJECT / "scripts")}
        subprocess.run(
            [sys.executable, "-m", "gms.validation.demo_data", str(folder / "data")], env=variables, check=True
        )
    trial = prepared(folder, "undisturbed", random.Random())
    carry_out(trial, [])
    return runs.bodies(trial.results, CASE, SAMPLES)


def prepared(folder: Path, name: str, chance: random.Random) -> Trial:
    """A folder with the config and sheet of the smallest case, without sharing."""
    place = runs.subset(folder / "data", folder / name, [CASE])
    config = yaml.safe_load((place / "run.yaml").read_text())
    kept = {key: value for key, value in config.items() if key not in ("sharing", "export")}
    (place / "run.yaml").write_text(yaml.safe_dump(kept))
    return Trial(place, None, chance)


def rows(trial: Trial) -> list[str]:
    """A line per kill."""
    form = "  {:<11}{:>5}{:>8}  {:<20}{:<18}{}"
    head = form.format("killed", "start", "second", "what", "then", "while")
    lines = [
        form.format(kill.kind, kill.start, kill.seconds, kill.target, kill.followed, kill.running[:60])
        for kill in trial.kills
    ]
    return [head, *lines]


def verdict(trial: Trial, expected: dict[str, str]) -> list[str]:
    """What is wrong with the results of a run that was disturbed."""
    name = trial.folder.name
    differing = runs.different(expected, runs.bodies(trial.results, CASE, SAMPLES))
    twice = trial.finished_twice()
    wrong = [f"{name}: differs: {', '.join(differing)}"] if differing else []
    wrong += [f"{name}: finished twice: {', '.join(twice)}"] if twice else []
    again = trial.call()
    if not again.stdout.rstrip().splitlines()[-1].startswith("Nothing to be done"):
        wrong.append(f"{name}: not complete: {again.stdout[-500:]}")
    return wrong
