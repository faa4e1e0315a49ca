"""Compares the filter engine with vembrane: records per second with the same expressions, and memory at two sizes.

    gms benchmark filter --vembrane PATH [--vcf ANNOTATED --sample SAMPLE --policy NAME] [--records N] [--pairs N]

Our side writes every record with all its reasons and the passing subset, rescues and sections included, compressed
and indexed. `vembrane tag` writes every record with all its reasons, compressed; `vembrane filter` stops at a record's
first reason and writes the rest, compressed. They run by turns and ratios are taken within a turn, because other work
on the machine hits all alike. Needs vembrane 1.0.7 in an environment of its own.
"""

import argparse
import ast
import gzip
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gms.base.project import PROJECT
from gms.filtering.apply import make_layout
from gms.filtering.compile import Layout, applied
from gms.filtering.policy import Policy, load_policy
from gms.genome.vcf import open_vcf, read_header
from gms.validation.benchmarks.clock import Run, timed

POLICIES = PROJECT / "config" / "filters"
_OURS = """
import sys
from pathlib import Path
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
vcf, policy, every, passing, role, sample = sys.argv[1:]
filter_vcf(Path(vcf), load_policy(Path(policy)), Path(every), Path(passing), {role: sample})
"""
_HEADER = """\
##fileformat=VCFv4.2
##FILTER=<ID=PASS,Description="All filters passed">
##contig=<ID=chr1,length=248956422>
##gms_parts=fasta,genes,population,clinvar,mask,hotspots,normals,targets
"""
_INFO = {
    "CALLERS": ".,String",
    "MQ_ALT": "1,Float",
    "BQ_ALT": "1,Float",
    "END_ALT": "1,Float",
    "SBP": "1,Float",
    "RPT": "1,Integer",
    "TARGET": "0,Flag",
    "PART_OF": "1,String",
    "HOTSPOT": "1,String",
    "HOTSPOT_POSITION": "1,String",
    "MASK": "0,Flag",
    "POP_AF": "1,Float",
    "CLNSIG": "1,String",
    "PON_COUNT": "1,Integer",
    "PON_AF": "1,Float",
    "PON_SD": "1,Float",
    "GENE": "1,String",
    "CONSEQUENCE": "1,String",
    "IMPACT": "1,String",
    "HGVSC": "1,String",
    "HGVSP": "1,String",
    "TRANSCRIPT": "1,String",
}
_FORMAT = {"GT": "1,String", "AD": "R,Integer", "DP": "1,Integer", "AF": "1,Float", "GQ": "1,Integer"}
_FORMAT |= {"ADF": "R,Integer", "ADR": "R,Integer"}
_TYPE = '("snv" if len(REF) == len(ALT) == 1 else "mnv" if len(REF) == len(ALT) else "indel")'  # none asks which
_EFFECTS = [("missense_variant", "MODERATE"), ("intron_variant", "MODIFIER"), ("synonymous_variant", "LOW")]
_EFFECTS += [("stop_gained", "HIGH"), ("splice_region_variant&intron_variant", "LOW")]


def synthetic_records(number: int, seed: int = 1) -> Iterator[str]:
    """Annotated records of one tumour as the workflow writes them; the same for the same seed."""
    draw = random.Random(seed)
    for position in range(1, number + 1):
        depth, fraction = draw.randint(20, 1500), draw.choice((0.003, 0.02, 0.1, 0.5))
        alt = int(depth * fraction)
        forward, (effect, impact) = draw.randint(alt // 3, alt - alt // 3), draw.choice(_EFFECTS)
        info = f"CALLERS=bcftools,freebayes;MQ_ALT={draw.uniform(20, 60):.1f};BQ_ALT={draw.uniform(20, 38):.1f}"
        info += f";END_ALT={draw.uniform(5, 60):.1f};SBP={draw.uniform(0, 4):.2f};RPT={draw.randint(1, 14)}"
        info += ";TARGET" * (draw.random() < 0.9) + ";HOTSPOT=BRAF_V600;HOTSPOT_POSITION=BRAF_V600" * (
            draw.random() < 0.01
        )
        info += f";POP_AF={draw.random() ** 9:.4g}" * (draw.random() < 0.5)
        info += ";CLNSIG=Likely_pathogenic" * (draw.random() < 0.01)
        info += f";PON_COUNT={draw.randint(1, 9)};PON_AF=0.02;PON_SD=0.01" * (draw.random() < 0.2)
        info += f";GENE=GENE{position // 999};CONSEQUENCE={effect};IMPACT={impact};HGVSC=ENST00000288602:c.1799T>A"
        info += ";HGVSP=ENSP00000288602:p.Val600Glu;TRANSCRIPT=ENST00000288602"
        counts = f"{depth - alt},{alt}:{depth}:{alt / depth:.4f}:60:{depth // 2},{forward}:{depth // 2},{alt - forward}"
        yield f"chr1\t{position * 20}\t.\tA\tT\t60\t.\t{info}\tGT:AD:DP:AF:GQ:ADF:ADR\t0/1:{counts}\n"


def write_synthetic(path: Path, number: int) -> Path:
    """Write a bgzipped annotated VCF of `number` synthetic records."""
    with open(path, "wb") as target:
        process = subprocess.Popen(["bgzip", "-c"], stdin=subprocess.PIPE, stdout=target, text=True)
        process.stdin.write(_HEADER)
        for kind, fields in (("INFO", _INFO), ("FORMAT", _FORMAT)):
            for name, value in fields.items():
                size, type_ = value.split(",")
                process.stdin.write(f'##{kind}=<ID={name},Number={size},Type={type_},Description="{name}">\n')
        process.stdin.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ttumor\n")
        process.stdin.writelines(synthetic_records(number))
        process.communicate()
    return path


def vembrane_flags(policy: Policy, layout: Layout, sample: str) -> dict[str, str]:
    """Each filter's flag and its condition, missing semantics and exemptions included, in vembrane's language."""
    absent, flags = layout.absent_variables, {}
    for entry in applied(policy, layout):
        parts = [entry.when.python(entry.missing == "fail", absent)]
        parts += [f"not {exemption.python(False, absent)}" for exemption in entry.unless.values()]
        text = " and ".join(f"({part})" for part in parts).replace(" is None", " is NA").replace("not None", "not NA")
        text = re.sub(r"\bv_(\w+)", lambda match: _vembrane_access(match[1], sample), text)
        text = re.sub(r"\b0\.(\d) \*", r"\1 / 10 *", text)  # vembrane's constants have single precision: 2 < 0.1 * 20
        flags[entry.flag] = ast.unparse(ast.parse(text))  # with single quotes: vembrane puts it into a VCF header
    return flags


def _vembrane_access(name: str, sample: str) -> str:
    info = {"mq": "MQ_ALT", "strand_bias": "SBP", "end_distance": "END_ALT", "repeat": "RPT", "population_af": "POP_AF"}
    info |= {"hotspot_name": "HOTSPOT", "hotspot_position_name": "HOTSPOT_POSITION", "clinvar": "CLNSIG"}
    form = {"vaf": ("AF", ""), "depth": ("DP", ""), "alt_reads": ("AD", "[1]")}
    form |= {"alt_forward": ("ADF", "[1]"), "alt_reverse": ("ADR", "[1]")}
    if name in form:
        key, item = form[name]
        return f'FORMAT["{key}"]["{sample}"]{item}'
    derived = {"length": "(abs(len(ALT) - len(REF)) or len(REF))", "hotspot": '(INFO["HOTSPOT"] is not NA)'}
    derived |= {"part_of_haplotype": '(INFO["PART_OF"] is not NA)'}
    derived |= {"hotspot_position": '(INFO["HOTSPOT_POSITION"] is not NA)'}
    derived |= {"qual": "QUAL", "n_callers": 'len(INFO["CALLERS"])', "type": _TYPE}
    derived["genotype"] = f'"/".join(["." if copy is None else str(copy) for copy in FORMAT["GT"]["{sample}"]])'
    return derived.get(name) or f'INFO["{info.get(name, name.upper())}"]'


def compare(vcf: Path, sample: str, options: argparse.Namespace, folder: Path) -> dict[str, list[Run]]:
    """Run all by turns on one VCF; raises AssertionError if they do not agree on the records that pass."""
    file, vembrane = POLICIES / f"{options.policy}.yaml", options.vembrane
    policy, role = load_policy(file), "proband" if options.policy == "wgs_rare" else "tumor"
    with open_vcf(vcf) as lines:
        flags = vembrane_flags(policy, make_layout(vcf, read_header(lines), {role: sample}, None), sample)
    every, passing, kept, tagged = (folder / f"{name}.vcf.gz" for name in ("every", "passing", "kept", "tagged"))
    script = 'set -o pipefail; out=$1; shift; "$@" | bgzip -c > "$out"'
    tags = [word for flag, text in flags.items() for word in ("--tag", f"{flag}={text}")]
    expression = f"not ({' or '.join(f'({text})' for text in flags.values())})"
    commands = {
        "gms": [sys.executable, "-c", _OURS, *map(str, (vcf, file, every, passing, role, sample))],
        "vembrane filter": ["bash", "-c", script, "-", str(kept), vembrane, "filter", expression, str(vcf)],
        "vembrane tag": ["bash", "-c", script, "-", str(tagged), vembrane, "tag", *tags, str(vcf)],
    }
    path = {"PYTHONPATH": str(PROJECT / "scripts")}
    runs = [{name: timed(c, environment=path) for name, c in commands.items()} for _ in range(options.pairs)]
    unrescued = [key for key, line in _records(passing) if ";RESCUED=" not in line]
    assert unrescued == [key for key, _ in _records(kept)], "vembrane filter does not pass the same records"
    untagged = [key for key, line in _records(tagged) if line.split("\t", 7)[6] in (".", "PASS")]
    assert unrescued == untagged, "vembrane tag does not pass the same records"
    return {name: [run[name] for run in runs] for name in commands}


def _records(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt") as lines:
        for line in lines:
            if not line.startswith("#"):
                yield ":".join(line.split("\t", 5)[:5]), line


def main(argv: list[str]) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="gms benchmark filter", description=__doc__.splitlines()[0])
    parser.add_argument("--vembrane", required=True, help="the vembrane 1.0.7 executable")
    parser.add_argument("--vcf", type=Path, help="an annotated VCF instead of synthetic records")
    parser.add_argument("--sample", default="tumor", help="the tumor or proband in that VCF")
    parser.add_argument("--policy", default="panel_solid", help="a name in config/filters; wgs_rare needs --vcf")
    parser.add_argument("--records", type=int, default=1_000_000, help="number of synthetic records")
    parser.add_argument("--pairs", type=int, default=3, help="paired runs; the median is shown")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.vcf:
            report(options.vcf, options.sample, options, folder)
        for number in () if options.vcf else (options.records // 10, options.records):
            report(write_synthetic(folder / f"{number}.vcf.gz", number), "tumor", options, folder)
    return 0


def report(vcf: Path, sample: str, options: argparse.Namespace, folder: Path) -> None:
    """Print, for each program: records per second, how many times slower than ours (paired medians), peak memory."""
    number = sum(1 for _ in _records(vcf))
    runs = compare(vcf, sample, options, folder)
    print(f"{number} records")
    for name, timings in runs.items():
        speed = statistics.median(number / run.wall for run in timings)
        pairs = list(zip(runs["gms"], timings, strict=True))
        wall, cpu = (statistics.median(other[key] / own[key] for own, other in pairs) for key in (0, 1))
        memory = max(run.memory for run in timings)
        ratios = f"{wall:5.2f} x our time, {cpu:5.2f} x our processor time"
        print(f"  {name:<16} {speed:8,.0f} records/s  {ratios}  peak {memory:.0f} MB", flush=True)
