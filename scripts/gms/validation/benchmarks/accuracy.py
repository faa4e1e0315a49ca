"""gms benchmark accuracy: runs data sets of known truth and counts what was found, missed and made up."""

import argparse
from pathlib import Path
from typing import Any

from gms.base.tables import table, write_json
from gms.genome.intervals import read_targets
from gms.validation.benchmarks.alleles import passing, read_alleles
from gms.validation.benchmarks.counts import Counts, Regions, compare, pool, violations
from gms.validation.benchmarks.datasets import (
    CASE,
    DATA,
    WORK,
    DataSet,
    find_sets,
    first,
    prepare,
    read_set,
    run_workflow,
)
from gms.validation.benchmarks.targets import POOLED, judge

FAMILY_FLAGS = {"FamilyMismatch", "WeakDeNovo"}
HEADER = ("set", "reads", "class", "TP", "FN", "FP", "recall", "precision", "F1", "genotype")


def main(argv: list[str]) -> int:
    """Run the germline, trio and tumour/normal sets of a folder, and any other set, and compare with their truth.

    Reported PASS alleles are compared inside each set's BED, both sides brought to one spelling by bcftools norm.
    """
    options = parser().parse_args(argv)
    data = options.data or (DATA if DATA.is_dir() else None)
    sets = [*(find_sets(data) if data else ()), *map(read_set, options.set)]
    if not sets:
        print(f"Nothing measured: {DATA} is not there. The data lies outside the repository: give --data or --set.")
        return 0
    figures = {dataset.name: measure(dataset, options) for dataset in sets}
    show(sets, figures, options.json)
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="gms benchmark accuracy", description=main.__doc__)
    made.add_argument("--data", type=Path, help="folder of data sets; default: shared/data next to the project")
    made.add_argument("--set", type=Path, action="append", default=[], help="one more set, e.g. a simulated one")
    made.add_argument("--work", type=Path, default=WORK, help="where runs and results go; a second run re-uses them")
    made.add_argument("--with-gatk", action="store_true", help="also ask HaplotypeCaller, or Mutect2 of tumours")
    made.add_argument("--cores", type=int, default=2)
    made.add_argument("--json", type=Path, help="also write the figures to this file")
    return made


def measure(dataset: DataSet, options: argparse.Namespace) -> dict[str, Any]:
    """Run one set; its counts by class, and its own further measures."""
    work = (options.work / dataset.name).resolve()
    print(f"running {dataset.name} ...", flush=True)
    results = run_workflow(prepare(dataset, work, options.with_gatk), options.cores)
    regions = Regions(read_targets(dataset.bed) if dataset.bed else {})
    reported, reference = results / "reported" / f"{CASE}.vcf.gz", work / "reference.fa"
    called = passing(reported, reference, None if dataset.kind == "pair" else f"{CASE}-proband")
    truth = passing(dataset.truth, reference)
    found: dict[str, Any] = {"counts": compare(inside(truth, regions), inside(called, regions))}
    if dataset.kind == "trio":
        found |= mendel(results, reference, regions)
    if germline := first(dataset.folder, "truth.germline_normal_HG001.vcf.gz"):
        found["germline as somatic"] = len((passing(germline, reference).keys() - truth) & called.keys())
    return found


def inside(alleles: dict, regions: Regions) -> dict:
    return {key: copies for key, copies in alleles.items() if key in regions}


def mendel(results: Path, reference: Path, regions: Regions) -> dict[str, int]:
    """Alleles of a trio that break Mendel's rules: among those reported, and those held back for that alone."""
    trios, held = {}, 0
    for allele in read_alleles(results / "filtered" / f"{CASE}.vcf.gz", reference):
        if allele.key not in regions:
            continue
        if not allele.flags:
            trios[allele.key] = tuple(allele.copies[f"{CASE}-{role}"] for role in ("proband", "mother", "father"))
        held += bool(allele.flags) and allele.flags <= FAMILY_FLAGS
    broken = violations(trios)
    return {"reported in trio": len(trios), "Mendelian violations": len(broken), "held back by the family": held}


def show(sets: list[DataSet], figures: dict[str, dict[str, Any]], path: Path | None) -> None:
    """Print counts, further measures and targets."""
    groups = {s.name: (s.origin, figures[s.name]["counts"]) for s in sets}
    for name, chosen, origin in (
        ("pooled", [figures[n] for n in POOLED if n in figures], "real"),
        ("simulated", [figures[s.name] for s in sets if s.origin == "simulated"], "simulated"),
    ):
        if chosen and (name == "simulated" or len(chosen) == len(POOLED)):
            groups[name] = origin, {key: pool(f["counts"][key] for f in chosen) for key in chosen[0]["counts"]}
    rows = [row(name, origin, key, counts[key]) for name, (origin, counts) in groups.items() for key in counts]
    print(f"\n{table(HEADER, rows)}")
    flat = {name: flatten(counts) for name, (_, counts) in groups.items()}
    for name, found in figures.items():
        further = {key: value for key, value in found.items() if key != "counts"}
        flat[name] |= further
        if further:
            print(f"\n{name}: " + ", ".join(f"{key} {value}" for key, value in further.items()))
    judged = judge(flat)
    print(f"\n{table(('set', 'measure', 'value', 'target', ''), judged)}")
    write_json(path, {"figures": flat, "targets": judged})


def row(name: str, origin: str, key: str, counts: Counts) -> tuple:
    genotype = None if origin == "mixed" else counts.concordance
    return (name, origin, key, *counts[:3], counts.recall, counts.precision, counts.f1, genotype)


def flatten(counts: dict[str, Counts]) -> dict[str, Any]:
    """Measures under the names that targets use."""
    every = pool(counts.values())
    flat: dict[str, Any] = {"FP": every.fp, "genotype concordance": every.concordance}
    for name, own in counts.items():
        flat |= {f"{name} TP": own.tp, f"{name} FN": own.fn, f"{name} FP": own.fp}
        flat |= {f"{name} recall": own.recall, f"{name} precision": own.precision, f"{name} F1": own.f1}
    return flat
