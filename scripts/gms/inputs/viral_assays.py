"""Assays of viruses: read from config/assays, changed where the run's configuration says so, and checked; and plates:
the samples of such assays put together by the plate that they were prepared in, and what contradicts it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gms.base.problems import Findings, unknown
from gms.base.schemas import Document, check, load_schema
from gms.inputs.assay_files import AssayFiles, find_assay_files
from gms.inputs.assays import as_gates, as_roles
from gms.inputs.metrics import gate_problems
from gms.inputs.row_files import Row
from gms.inputs.run_model import Case, Gate, Plate, Sample, ViralAssay

DEFAULT_PLATE = "plate1"
RUN = "run"  # instead of a path: the tool is run
_PATHS = ("genome", "genes", "marks", "pangolin", "nextclade", "nextclade_dataset", "laboratory")
_TAKEN = ("index", "plate")  # names of files among those of a plate's samples
_VIRAL = ("scheme", "plate", "well")


def load_viral_assay(
    name: str,
    overrides: Mapping[str, Any],
    config: Document,
    project: Path,
    findings: Findings,
    files: AssayFiles | None = None,
) -> ViralAssay | None:
    """The assay with the overrides applied; None after noting what is wrong with either.

    Paths and `files` as `load_assay` has them. A set of keys in `overrides`, such as schemes, changes the keys that it
    names and keeps the others.
    """
    files = files or find_assay_files(project)
    document = Document(files.assays[name])
    own, schema = document.load(findings), load_schema("viral_assay")
    is_sound = own is not None and check(own, schema, document, findings)
    if not is_sound or not check(dict(overrides), _partial(schema), config, findings, ("assays", name)):
        return None
    values = _merged(_resolved(own, files.folders[name]), _resolved(overrides, config.path.parent.absolute()))
    source = (config, ["assays", name]) if "gates" in overrides else (document, [])
    gates = _gates(values["gates"], source, project, findings)
    if problem := _fractions_problem(**values["rules"]):
        findings.add(config.path, config.line(["assays", name, "rules"]), problem)
    return _assay(name, values | {"file": document.path.absolute()}, gates) if gates is not None else None


def _fractions_problem(ambiguous_fraction: float, consensus_fraction: float, **_: float) -> str:
    if ambiguous_fraction < 1 - consensus_fraction:
        return "ambiguous_fraction is below 1 - consensus_fraction, so a base could be both; raise either"
    return ""


def _partial(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema for changes: nothing is required, neither at the top nor in a set of keys."""
    properties = {
        key: {name: value for name, value in rule.items() if name not in ("required", "minProperties")}
        for key, rule in schema["properties"].items()
    }
    return {key: value for key, value in schema.items() if key != "required"} | {"properties": properties}


def _resolved(values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    made = {key: folder / value if key in _PATHS and value and value != RUN else value for key, value in values.items()}
    if "schemes" in values:
        made["schemes"] = {name: folder / path for name, path in values["schemes"].items()}
    if "earlier" in values:
        made["earlier"] = tuple(folder / path for path in values["earlier"])
    return made


def _merged(own: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`own` with the changes; sets of keys are merged at every level."""
    both = {
        key: _merged(own[key], value) if isinstance(value, dict) and isinstance(own.get(key), dict) else value
        for key, value in changes.items()
    }
    return own | both


def _gates(
    gates: str | list, source: tuple[Document, list[str]], project: Path, findings: Findings
) -> tuple[Gate, ...] | None:
    """The gates of a list or of the named file in config/gates; None after noting what is wrong with them."""
    document, keys = source[0], [*source[1], "gates"]
    if isinstance(gates, str):
        files = {path.stem: path for path in sorted((project / "config" / "gates").glob("*.yaml"))}
        if gates not in files:
            findings.add(document.path, document.line(keys), unknown("list of gates", gates, files))
            return None
        document, keys = Document(files[gates]), ["gates"]
        schema = {"type": "object", "required": ["gates"], "properties": {"gates": {"$ref": "#/$defs/gates"}}}
        content = document.load(findings)
        if content is None or not check(
            content, schema | {"$defs": load_schema("viral_assay")["$defs"]}, document, findings
        ):
            return None
        gates = content["gates"]
    before = len(findings.problems)
    for number, gate in enumerate(gates):
        for problem in gate_problems(gate, is_viral=True):
            findings.add(document.path, document.line([*keys, number]), problem)
    return as_gates(gates) if len(findings.problems) == before else None


def _assay(name: str, values: dict[str, Any], gates: tuple[Gate, ...]) -> ViralAssay:
    aliases = tuple(values.get("aliases", ()))
    return ViralAssay(
        **{**values, "name": name, "gates": gates, "roles": as_roles(values["roles"]), "aliases": aliases}
    )


def check_plates(rows: Iterable[Row], viruses: Mapping[str, ViralAssay], sheet: Path, findings: Findings) -> None:
    """Note schemes that an assay does not have, plates of two assays, wells with two samples, names of other files, and
    columns of viral assays that are filled in for others."""
    assay_of: dict[str, Row] = {}
    well_of: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.assay not in viruses:
            if used := [column for column in _VIRAL if getattr(row, column)]:
                text = f"{' and '.join(used)} of assay {row.assay}: only viral assays use them; leave them empty"
                findings.add(sheet, row.line, text)
            continue
        _check_row(row, viruses[row.assay], sheet, findings)
        plate = row.plate or DEFAULT_PLATE
        other = assay_of.setdefault(plate.casefold(), row)
        if other.assay != row.assay or (other.plate or DEFAULT_PLATE) != plate:
            text = f"plate '{plate}' is '{other.plate or DEFAULT_PLATE}' of assay '{other.assay}' on line {other.line}"
            findings.add(sheet, row.line, f"{text}; a plate has one assay and one spelling")
        other = well_of.setdefault((plate, _well(row.well)), row) if row.well else row
        if other.sample != row.sample:
            text = f"well {row.well} of plate '{plate}' has sample '{other.sample}' on line {other.line} already"
            findings.add(sheet, row.line, text)


def _check_row(row: Row, assay: ViralAssay, sheet: Path, findings: Findings) -> None:
    """Note a sample whose pages would have the name of another file, reads in BAM or calls, and an unknown scheme."""
    if row.bam or row.vcf:
        text = f"samples of a virus need fastq_1 and fastq_2; {'bam' if row.bam else 'vcf'} is for other assays"
        findings.add(sheet, row.line, text)
    if row.sample.casefold() in _TAKEN:
        text = f"sample '{row.sample}' needs another name: its plate has a file of that name in report/viral"
        findings.add(sheet, row.line, text)
    if row.scheme and row.scheme not in assay.schemes:
        text = unknown("primer scheme", row.scheme, assay.schemes)
        findings.add(sheet, row.line, f"{text}; add its BED under  assays: {{{row.assay}: {{schemes: ...}}}}")


def make_plates(cases: Iterable[Case], viruses: Mapping[str, ViralAssay]) -> dict[str, Plate]:
    """Plates in the order of the sheet, from cases that no problem was found with; samples get their defaults."""
    members: dict[str, list[Sample]] = defaultdict(list)
    for case in cases:
        for sample in case.samples:
            scheme = sample.scheme or next(iter(viruses[sample.assay].schemes))
            plate = sample.plate or DEFAULT_PLATE
            members[plate].append(replace(sample, scheme=scheme, plate=plate, well=_well(sample.well)))
    return {name: Plate(name, samples[0].assay, tuple(samples)) for name, samples in members.items()}


def _well(name: str) -> str:
    """A well without a leading zero: A01 is A1."""
    return name[:1] + name[1:].lstrip("0")
