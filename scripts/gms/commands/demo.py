"""gms demo: the miniature data set, the workflow on it, and a summary that compares both."""

import argparse
import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.base.results import named
from gms.commands import run
from gms.genome.vcf import sample_values
from gms.trials.cohort_progress.patients import read_patients
from gms.trials.cohort_progress.progress import rows_of_patients
from gms.trials.definitions.read import definition_files, known_genes, read_trials
from gms.validation.demo_data.measures import measured
from gms.validation.demo_data.plasma import PATIENT
from gms.validation.demo_data.trials import ARMS, CASE
from gms.viral.report.content import findings, lost_amplicons

CLOSE = 0.05  # of a planted fraction, at 300 x
DEMO = PROJECT / "demo"
SHEETS = {"run.yaml": "samples.tsv", "plate.yaml": "plate.tsv"}
MAKING = ("demo_data", "demo_genome", "demo_reads", "demo_virus")
MAKERS = [PROJECT / "scripts" / "gms" / "validation" / room for room in MAKING]


def main(argv: list[str]) -> int:
    """Run the whole workflow on a small synthetic data set with known answers, and compare. A few minutes on two cores;
    run again, only what changed is done again. One case fails a QC gate on purpose. With the profile of a cluster, it
    tries that cluster."""
    usage = "gms demo [--profile P] [snakemake options ...]"
    parser = argparse.ArgumentParser(prog="gms demo", description=main.__doc__, usage=usage, allow_abbrev=False)
    parser.add_argument("--profile", "-p", default="local", help="where to run, as in gms run; default: local")
    options, rest = parser.parse_known_args(argv)
    make_data()
    for config in [config for config, sheet in SHEETS.items() if names_any(sheet, rest)] or SHEETS:
        code = run.main(["--profile", options.profile, "--configfile", str(DEMO / config), *rest])
        if code:
            return code
    outcomes = [summary(DEMO), trials_summary(DEMO), plate_summary(DEMO)]
    print("".join("\n" + "\n".join(lines) + "\n" for lines, _ in outcomes), end="")
    return 0 if all(as_planned for _, as_planned in outcomes) else 1


def names_any(sheet: str, words: list[str]) -> bool:
    """Whether a target is a file of a case, sample or plate of a sheet, which the run of the other does not know."""
    rows = read_table(DEMO / sheet) if words else []
    names = {row[key] for row in rows for key in ("case", "sample", "plate") if row.get(key)}
    return any(name in word for word in words for name in names)


def make_data() -> None:
    """Make the miniature data set where it is missing or was made by other code; the stamp is written last."""
    stamp = DEMO / ".made-by"
    digest = hashlib.sha256()
    files = [path for room in MAKERS for path in room.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print("Making the miniature data set in demo/", flush=True)
    variables = {**os.environ, "PYTHONPATH": str(PROJECT / "scripts")}
    subprocess.run(
        [sys.executable, "-m", "gms.validation.demo_data", str(DEMO)], env=variables, cwd=PROJECT, check=True
    )
    stamp.write_text(digest.hexdigest())


def filters_of(vcf: Path) -> dict[str, str]:
    """FILTER by CHROM:POS:REF:ALT (1-based) of a bgzipped VCF with one allele per record."""
    with gzip.open(vcf, "rt") as lines:
        records = [line.split("\t", 7) for line in lines if not line.startswith("#")]
    return {":".join((chrom, pos, ref, alt)): flags for chrom, pos, _, ref, alt, _, flags, _ in records}


def is_as_planned(planted: dict[str, str], filters: dict[str, str]) -> bool:
    """Whether a planted variant (a row of truth.tsv) ended as the truth says: reported, or with these filters."""
    found = filters.get(planted["variant"])
    if planted["expected"] == "reported":
        return found == "PASS"
    if planted["expected"] == "filtered":
        return found not in (None, "PASS") and set(filter(None, planted["filters"].split(","))) <= set(found.split(";"))
    return found != "PASS"


def case_line(case: dict[str, str], planted: list[dict[str, str]], results: Path) -> tuple[str, bool | None]:
    """One case in one line (verdict, planted variants found, what differs), and whether all is as planned; None for a
    case that was not made."""
    name = case["case"]
    try:
        verdict = json.loads((results / named("case.json").at(case=name)).read_text())["verdict"]
        filters = filters_of(results / named("filtered").at(case=name))
    except FileNotFoundError:  # a target was asked for on which not every case depends
        return f"  {name:<17}was not made to its end", None
    wrong, counts = compared(name, planted, filters, results)
    line = f"  {name:<17}{verdict:<13}planted variants: {', '.join(counts) or 'none'}"
    if verdict != case["verdict"]:
        line += f"; verdict should be {case['verdict']}"
    if wrong:
        line += f"; not as planned: {', '.join(wrong[:3])}" + (" …" if len(wrong) > 3 else "")
    return line, not wrong and verdict == case["verdict"]


def compared(
    name: str, planted: list[dict[str, str]], filters: dict[str, str], results: Path
) -> tuple[list[str], list[str]]:
    """What of a case is not as planned, and what was found of each kind."""
    wrong = [row["variant"] for row in planted if not is_as_planned(row, filters)]
    counts = []
    for expected in ("reported", "filtered"):
        rows = [row for row in planted if row["expected"] == expected]
        if rows:
            counts.append(f"{sum(row['variant'] not in wrong for row in rows)} of {len(rows)} {expected}")
    classes: dict[str, list[bool]] = {}
    for row in classes_of(name, results.parent / "truth" / "classes.tsv"):
        classes.setdefault(row["class"], []).append(is_class_as_planned(row, results))
        wrong += [] if classes[row["class"]][-1] else [f"{row['class']} {row['variant']}"]
    counts += [f"{sum(right)} of {len(right)} {one.replace('_', ' ')}" for one, right in classes.items()]
    for row, found in measures_of(name, results):
        wrong += [] if found == row["value"] else [f"{row['measure']} {found}, not {row['value']}"]
        counts.append(f"{row['measure']} {found}")
    return wrong, counts


def classes_of(case: str, table: Path) -> list[dict[str, str]]:
    """Variants of other classes that were planted in a case; none where the data set has no table of them."""
    return [row for row in read_table(table) if row["case"] == case] if table.exists() else []


def measures_of(case: str, results: Path) -> Iterator[tuple[dict[str, str], str | None]]:
    """Rows of measures.tsv of a case, each with what its report says; none where the data set has no such table."""
    table = results.parent / "truth" / "measures.tsv"
    rows = [row for row in read_table(table) if row["case"] == case] if table.exists() else []
    found = measured(json.loads((results / named("findings").at(case=case)).read_text())) if rows else {}
    yield from ((row, found.get(row["measure"])) for row in rows)


def is_class_as_planned(row: dict[str, str], results: Path) -> bool:
    """Whether a planted variant of another class (a row of classes.tsv) is reported in its section, in each sample with
    the planted fraction up to CLOSE or with the planted genotype."""
    vcf = results / named(f"{row['class']}_reported").at(case=row["case"])
    with gzip.open(vcf, "rt") as file:
        lines = list(file)
    samples = next(line for line in lines if line.startswith("#CHROM")).split()[9:]
    planted = dict(part.split("=") for part in row["samples"].split(","))
    for fields in (line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")):
        if ":".join((*fields[:2], *fields[3:5])) == row["variant"]:
            found = dict(zip(samples, (sample_values(fields[8], column) for column in fields[9:]), strict=True))
            right = all(_is_like(found[name], amount) for name, amount in planted.items())
            return right and f"SECTION={row['section']}" in fields[7]
    return False


def _is_like(found: dict[str, str], amount: str) -> bool:
    """Whether the values of a sample have this genotype, about this fraction, or about as many copies."""
    if "/" in amount:
        return found["GT"] == amount
    number, copies = float(amount.split()[0]), "copies" in amount
    return abs(float(found["CN" if copies else "AF"]) - number) <= (max(1, number / 4) if copies else CLOSE)


def summary(demo: Path) -> tuple[list[str], bool]:
    """The lines that end the demo, and whether everything ended as planned."""
    results = demo / "results"
    cases, truth = (read_table(demo / "truth" / f"{name}.tsv") for name in ("cases", "truth"))
    of_case = {case["case"]: [row for row in truth if row["case"] == case["case"]] for case in cases}
    lines, verdicts = zip(*(case_line(case, of_case[case["case"]], results) for case in cases), strict=True)
    packages = [path.parent for path in sorted(results.glob("export/folder/*/manifest.json"))]
    folder = os.path.relpath(results, PROJECT)
    example = next((f"--case {row['case']} --variant {row['variant']}" for row in truth), "")
    end = [
        f"Reports    {folder}/report/CASE.html, all samples: {folder}/report/multiqc.html",
        f"Packages   {folder}/export/folder: {', '.join(path.name for path in packages) or 'none'}",
        f"Explain    ./gms why --configfile {os.path.relpath(demo, PROJECT)}/run.yaml {example}",
    ]
    made = [verdict for verdict in verdicts if verdict is not None]
    few = f"{len(made)} made, " if len(made) < len(cases) else ""
    outcome = f"{few}{'all as planned' if all(made) else 'NOT all as planned'}"
    return [f"Demo of {len(cases)} synthetic cases: {outcome}", *lines, *end], all(made)


def trials_summary(demo: Path) -> tuple[list[str], bool]:
    """The lines on the made-up trial and on the plasma that is followed, and whether all is as planned."""
    results, folder = demo / "results", os.path.relpath(demo / "results", PROJECT)
    match, followed = results / named("trials").at(case=CASE), results / named("residual_disease").at(patient=PATIENT)
    if not (match.is_file() and followed.is_file()):
        return ["Trials and plasma: not made"], True
    found = {arm["cohort"]: arm["state"] for arm in json.loads(match.read_text())["arms"]}
    found |= {point["sample"]: point["state"] for point in json.loads(followed.read_text())["time_points"]}
    trials = read_trials(definition_files([demo / "trials"]), known_genes())
    patients = read_patients([demo / "patients.tsv"], {"demo": set(ARMS)})
    found |= {f"cohort {row.cohort.id}": row.standing.decision for row in rows_of_patients(trials, patients)}
    planned = [row for name in ("trials", "plasma") for row in read_table(demo / "truth" / f"{name}.tsv")]
    wrong = [row for row in planned if found.get(row["name"]) != row["state"]]
    lines = [f"  {row['name']:<24}{found.get(row['name'])}" for row in planned]
    lines += [f"  {row['name']} should be {row['state']}" for row in wrong]
    pages = named("trials.html").at(case=CASE), named("residual_disease.html").at(patient=PATIENT)
    end = f"Pages      {', '.join(f'{folder}/{page}' for page in pages)}"
    return [f"Trials and residual disease: {'NOT ' if wrong else ''}all as planned", *lines, end], not wrong


def plate_summary(demo: Path) -> tuple[list[str], bool]:
    """The lines on the plate of the made-up virus, and whether everything was found as planned."""
    results, planned = demo / "results_plate", read_table(demo / "truth" / "plate.tsv")
    path = next(results.glob("qc/plates/*.json"), None)
    if path is None:  # another target was asked for
        return ["The plate of a made-up virus was not made"], True
    plate, lines, right = json.loads(path.read_text()), [], []
    found = {one["sample"]: (one, " ".join(findings(one) + lost_amplicons(one))) for one in plate["samples"]}
    for row in planned:
        one, said = found[row["sample"]]
        right.append(one["verdict"] == row["verdict"] and row["finding"] in said)
        note = "" if right[-1] else f"; should be {row['verdict']} {row['finding']}"
        lines.append(f"  {row['sample']:<17}{one['verdict']:<13}{row['finding']}{note}".rstrip())
    folder = os.path.relpath(results, PROJECT)
    outcome = "all as planned" if all(right) else "NOT all as planned"
    end = [
        f"Plate      {folder}/report/viral/{plate['plate']}/index.html",
        f"Hand-over  {folder}/handover/{plate['plate']}, and what was held back: {plate['plate']}.json next to it",
    ]
    return [f"Plate of {len(planned)} samples of a made-up virus: {outcome}", *lines, *end], all(right)
