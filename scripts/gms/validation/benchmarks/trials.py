"""gms benchmark trials: many finished cases screened with many trials, and plasma with many loci; all synthetic."""

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pysam
import yaml

from gms.base.project import PROJECT
from gms.base.tables import table, write_json
from gms.report.overview import finished_cases
from gms.trials.definitions.read import known_genes
from gms.trials.matching.screen import last_screening, news, screen, write_screening
from gms.trials.matching.settings import load_screening
from gms.trials.residual_disease.follow import follow
from gms.trials.residual_disease.monitoring import Monitoring, read_monitoring

DAY = "2026-11-28"
TARGET = 60.0  # seconds for 5,000 cases x 100 trials on two cores
TESTS = (("anc", "1e9/L", 1.5), ("haemoglobin", "g/L", 90), ("platelets", "1e9/L", 75), ("creatinine", "µmol/L", 120))


def main(argv: list[str]) -> int:
    """Screen N synthetic cases (60 genes, 12 findings, 10 clinical rows each) with M trials of two cohorts and 22
    criteria each, hardly any of which two trials share; then follow L loci of one genome in a plasma sample and a
    control, 30 molecules deep."""
    parser = argparse.ArgumentParser(prog="gms benchmark trials", description=main.__doc__)
    parser.add_argument("--cases", type=int, default=5000, metavar="N", help="default: 5000")
    parser.add_argument("--trials", type=int, default=100, metavar="M", help="default: 100")
    parser.add_argument("--workers", type=int, default=2, help="default: 2")
    parser.add_argument("--loci", type=int, default=5000, metavar="L", help="default: 5000")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        row = measure(Path(name), options.cases, options.trials, options.workers)
    print(table(("cases", "trials", "arms", "eligible", "unknown", "seconds", "target"), [row]))
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(1) as pool:
        followed = pool.submit(measure_plasma, Path(name), options.loci).result()
    print(table(("loci", "molecules", "state", "seconds", "MB"), [followed]))
    write_json(options.json, [row, followed])
    return 0


def measure(folder: Path, cases: int, trials: int, workers: int) -> Sequence[Any]:
    """One row of the table: everything from reading the definitions to the record on the disk is timed."""
    places = write_inputs(folder, cases, trials)
    start = time.perf_counter()
    screening = load_screening(places, DAY)
    states, _ = screen(screening, folder, finished_cases(folder), workers)
    found = list(news(screening, last_screening(folder), states))
    write_screening(screening, folder, states, found)
    seconds = time.perf_counter() - start
    counts = [state for arms in states.values() for state in arms.values()]
    arms = sum(len(trial.cohorts) for trial in screening.trials)
    return cases, trials, arms, counts.count("eligible"), counts.count("unknown"), round(seconds, 1), TARGET


def measure_plasma(folder: Path, loci: int) -> Sequence[Any]:
    """One row of the table, of a process of its own: seconds to follow the loci, and the memory that the process took
    for it and for the numbers that it imported."""
    monitoring = write_plasma(folder, loci)
    start = time.perf_counter()
    point = follow(monitoring.patients[0], monitoring, folder / "genome.fa")["time_points"][0]
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # KiB on Linux
    return loci, point["informative"], point["state"], round(seconds, 1), round(memory)


def write_plasma(folder: Path, loci: int) -> Monitoring:
    """A genome with a locus every 2,000 bases, and 30 fragments of 166 bases over each in plasma and in a control."""
    drawn = random.Random(1)
    bases = "".join(drawn.choices("ACGT", k=2000 * (loci + 1)))
    (folder / "genome.fa").write_text(f">chr1\n{bases}\n")
    pysam.faidx(str(folder / "genome.fa"))
    places = range(1000, 2000 * loci + 1000, 2000)
    rows = [f"chr1\t{place + 1}\t{bases[place]}\t{_other(bases[place])}\n" for place in places]
    (folder / "loci.tsv").write_text("".join(["chrom\tpos\tref\talt\n", *rows]))
    for name, share in (("plasma", 0.005), ("control", 0.0)):
        _write_reads(folder / f"{name}.bam", bases, places, share, drawn)
    point = {"sample": "plasma", "drawn": "2026-01-01", "reads": "plasma.bam"}
    patient = {"id": "P1", "variants": "loci.tsv", "time_points": [point]}
    (folder / "monitoring.yaml").write_text(json.dumps({"controls": ["control.bam"], "patients": [patient]}))
    settings = yaml.safe_load((PROJECT / "config" / "assays" / "residual_disease.yaml").read_text())
    return read_monitoring(folder / "monitoring.yaml", settings, {})


def _other(base: str) -> str:
    return "ACGT"[("ACGT".index(base) + 1) % 4]


def _write_reads(path: Path, bases: str, places: range, share: float, drawn: random.Random) -> None:
    """Single reads over each place, of which a share has the other base."""
    header = pysam.AlignmentHeader.from_dict({"HD": {"SO": "coordinate"}, "SQ": [{"SN": "chr1", "LN": len(bases)}]})
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for place in places:
            for number, start in enumerate(sorted(place - drawn.randint(20, 140) for _ in range(30))):
                read = pysam.AlignedSegment(header)
                read.query_name, read.reference_id, read.reference_start = f"{place}:{number}", 0, start
                read.mapping_quality, read.cigartuples = 60, [(0, 166)]
                base = _other(bases[place]) if drawn.random() < share else bases[place]
                read.query_sequence = bases[start:place] + base + bases[place + 1 : start + 166]
                read.query_qualities = pysam.qualitystring_to_array("F" * 166)
                out.write(read)
    pysam.index(str(path))


def write_inputs(folder: Path, cases: int, trials: int) -> dict[str, Any]:
    """Reports, definitions and a clinical table of synthetic cases; the places for `load_screening`."""
    random.seed(1)
    genes = random.sample(sorted(known_genes()), 60)
    (folder / "definitions").mkdir()
    (folder / "report").mkdir()
    for number in range(trials):
        path = folder / "definitions" / f"trial-{number}.yaml"
        path.write_text(json.dumps(_definition(number, genes)))  # JSON is YAML
    rows = ["case\titem\tvalue\tunit\tdate"]
    for number in range(cases):
        (folder / "report" / f"C{number}.json").write_text(json.dumps(_document(number, genes)))
        rows += _clinical(f"C{number}")
    (folder / "clinical.tsv").write_text("\n".join(rows) + "\n")
    return {"definitions": [folder / "definitions"], "clinical": folder / "clinical.tsv"}


def _definition(number: int, genes: list[str]) -> dict[str, Any]:
    tests = [
        {"laboratory": {"test": test, "value": f">= {bound + number / 100}", "unit": unit, "within_days": 28 + number}}
        for test, unit, bound in TESTS
    ]
    shared = [{"age": {"value": f">= {18 + number % 5}", "unit": "years"}}, {"ecog": {"value": "<= 2"}}, *tests]
    return {
        **{
            "id": f"trial-{number}",
            "version": "1",
            "title": "t",
            "source": "synthetic",
            "valid": {"from": "2020-01-01"},
        },
        **{"status": "open", "sites": ["s"], "consent": {"needed": [], "germline": False}, "endpoint": "e"},
        "eligibility": {"all": shared},
        "cohorts": [_cohort(arm, number, genes) for arm in range(2)],
    }


def _cohort(arm: int, number: int, genes: list[str]) -> dict[str, Any]:
    hits = [{"variant": {"gene": gene, "fraction": f">= 0.{number + 100}"}} for gene in random.sample(genes, 3)]
    clean = [{"wild_type": {"gene": gene}} for gene in random.sample(genes, 2)]
    barred = [{"variant": {"gene": gene, "pathogenic": True}} for gene in random.sample(genes, 2)]
    return {
        **{"id": f"arm-{arm}", "drug": {"name": "d"}, "rule": {"all": [{"any": hits}, *clean]}, "exclusions": barred},
        "tumor_types": {"include": ["LUAD", "CHOL", "PAAD"]},
        "evidence": {"scale": "none", "level": "none", "source": "s"},
    }


def _document(number: int, genes: list[str]) -> dict[str, Any]:
    findings = [_finding(gene) for gene in random.sample(genes, 12)]
    parts = {"genes": {"file": "g"}, "clinvar": {"file": "c"}, "hotspots": {"file": "h"}}
    return {
        **{
            "format": "1.0",
            "case": {"case": f"C{number}", "assay": "panel_solid", "kind": "somatic"},
            "verdict": "pass",
        },
        "samples": [{"sample": f"S{number}", "role": "tumor", "sex": "unknown", "purity": 0.5}],
        "findings": findings,
        "genes": {"rows": [], "left_out": 0},
        "detection": {"genes": [{"gene": gene, "fraction": random.choice((0.02, 0.1, 0.3))} for gene in genes]},
        "run": {"reference": parts},
    }


def _finding(gene: str) -> dict[str, Any]:
    evidence = {"sample": "S", "role": "tumor", "fraction": round(random.random(), 3), "zygosity": None, "depth": 500}
    known = {"clinvar": random.choice((None, {"class": "Pathogenic"})), "hotspot": None, "always_report": False}
    return {
        **{"genes": [gene], "hgvs": {"g": None, "c": "c.1A>T", "p": "p.(Met1Leu)"}, "variants": ["1:1:A:T"]},
        **{"type": "snv", "exon": "1/9", "consequence": ["missense_variant"], "impact": "MODERATE", "labels": []},
        **{"reported": True, "flags": [], "known": known, "evidence": [evidence], "callers": ["bcftools", "freebayes"]},
    }


def _clinical(case: str) -> list[str]:
    values = [("age", random.randint(15, 90), "years"), ("ecog", random.randint(0, 3), "")]
    values += [(test, round(random.uniform(0.5, 2) * bound, 2), unit) for test, unit, bound in TESTS]
    values += [("diagnosis", random.choice(("LUAD", "CHOL", "BRCA")), ""), ("prior_lines", 2, "")]
    return [f"{case}\t{item}\t{value}\t{unit}\t2026-11-15" for item, value, unit in values]
