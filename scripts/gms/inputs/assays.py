"""Assays: read from their files, changed where the run's configuration says so, and checked."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from gms.base.problems import Findings, unknown
from gms.base.project import PROJECT
from gms.base.schemas import Document, check, load_schema
from gms.inputs.assay_files import ASSAY_FILES, AssayFiles, find_assay_files, kind_of
from gms.inputs.metrics import gate_problems, never_measured
from gms.inputs.run_model import MONITORING, Assay, Gate

# Keys of a monitoring assay alone; it looks for no new variants, so it has neither callers nor a policy.
_MONITORING = ("umi", "alpha", "needed_molecules", "needed_controls", "germline_concordance", "germline_sites")
GATK_CALLERS = ("haplotypecaller", "mutect2")
DEEPVARIANT = "deepvariant"  # the caller, and the key of where its files are
# Callers of small variants that fit one kind of assay only.
_OF_KIND = {"haplotypecaller": "germline", "mutect2": "somatic", DEEPVARIANT: "germline"}


def known_assays(project: Path) -> list[str]:
    """Names of the assays that the project has a file for, sorted."""
    return sorted(find_assay_files(project).assays)


@cache
def known_callers(project: Path) -> dict[str, str]:
    """Callers that the project has a rule file for, sorted: the class of variants whose folder the rule writes to."""
    files = sorted((project / "workflow" / "rules" / "callers").glob("*.smk"))
    folders = {path.stem: re.search(rf'"variants/(?:(\w+)/)?{path.stem}/', path.read_text()) for path in files}
    return {caller: folder and folder[1] or "small" for caller, folder in folders.items()}


def uses_gatk(assay: Any) -> bool:
    """Whether an assay, of any kind, asks for a caller that is part of GATK, which is optional software."""
    callers = getattr(assay, "callers", {}).values()  # viral assays have none
    return any(caller in GATK_CALLERS for listed in callers for caller in listed)


def known_classes() -> list[str]:
    """Names of the classes of variants that this code has a room for, sorted."""
    return sorted(path.parent.name for path in (PROJECT / "scripts" / "gms" / "variants").glob("*/calls.py"))


def load_assay(
    name: str,
    overrides: dict[str, Any],
    config: Document,
    project: Path,
    findings: Findings,
    files: AssayFiles | None = None,
) -> Assay | None:
    """The assay with the overrides applied, callers and policies by class; None after noting what is wrong with either.

    Paths in `overrides` are relative to the configuration file, those in the assay's own file to the project or, for an
    assay of another folder, to that folder. `files`: where assays are, those of the project if not given.
    """
    files = files or find_assay_files(project)
    document, monitors = Document(files.assays[name]), kind_of(files.assays[name]) == MONITORING
    own, schema = document.load(findings), load_schema("monitoring_assay" if monitors else "assay")
    if own is None or not check(own, schema, document, findings):
        return None
    partial = {key: value for key, value in schema.items() if key != "required"}
    sound = check(overrides, partial, config, findings, ("assays", name))
    values = {**_resolved(own, files.folders[name]), **_resolved(overrides, config.path.parent.absolute())}
    values = _monitoring(values) if monitors else {**values, **_by_classes(own, overrides)}
    _check_names(values, project, files, findings, lambda *keys: _where(name, overrides, document, config, keys))
    return _assay(name, values, files) if sound else None


def _resolved(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    paths = (*ASSAY_FILES, DEEPVARIANT)
    return {key: folder / value if key in paths and value else value for key, value in values.items()}


def _by_classes(own: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Callers and policy where they are changed: of the classes that the change names, the others as they were."""
    changed = {"callers", "policy"} & overrides.keys()
    return {key: {**by_class(own[key]), **by_class(overrides[key])} for key in changed}


def _monitoring(values: dict[str, Any]) -> dict[str, Any]:
    """The keys of any assay, and those of monitoring alone under `monitoring`."""
    others = {key: value for key, value in values.items() if key not in _MONITORING}
    settings = {key: values[key] for key in ("title", "version", *_MONITORING) if key in values}
    return {**others, "callers": {}, "policy": {}, "monitoring": settings}


def _where(name: str, overrides: dict[str, Any], document: Document, config: Document, keys: tuple) -> tuple:
    """Source and line of an assay's key: the run's configuration where it overrides the key, else the assay's file."""
    if keys[0] in overrides:
        return config.path, config.line(["assays", name, *keys])
    return document.path, document.line(keys)


def _check_names(assay: dict[str, Any], project: Path, files: AssayFiles, findings: Findings, where: Callable) -> None:
    """Note a policy or caller that has no file, and gates without effect; `where` gives a key's place."""
    used = [("policy", policy) for policy in by_class(assay["policy"]).values()]
    for key, policy in (*used, *([("tmb", assay["tmb"])] if assay.get("tmb") else [])):
        if str(policy) not in files.policies:
            findings.add(*where(key), unknown("policy", str(policy), files.policies))
    for variants, callers in by_class(assay["callers"]).items():
        for problem in _caller_problems(variants, _listed(callers, str), known_callers(project), assay["kind"]):
            findings.add(*where("callers"), problem)
    _check_classes(assay, findings, where)
    _check_deepvariant(assay, findings, where)
    _check_rna(assay, findings, where)
    for number, gate in enumerate(_listed(assay["gates"], dict)):
        for problem in (*gate_problems(gate, is_viral=False), *_never_applied(gate, assay)):
            findings.add(*where("gates", number, "metric"), problem)


def _never_applied(gate: Mapping[str, Any], assay: Mapping[str, Any]) -> Iterator[str]:
    """Metrics of a gate that no sample of the assay has."""
    roles = load_schema("assay")["$defs"]["roles"]["items"]["enum"]
    other = gate["unless"] if isinstance(gate.get("unless"), dict) else {}
    for name in filter(None, (gate.get("metric"), other.get("metric"))):
        if why := never_measured(str(name), assay, roles):
            yield f"metric '{name}' {why}; this gate would never apply"


def _caller_problems(variants: str, callers: list[str], known: Mapping[str, str], kind: str) -> Iterator[str]:
    """What is wrong with the callers of one class of variants."""
    for caller in callers:
        if caller not in known:
            yield unknown("caller", caller, [name for name, own in known.items() if own == variants] or known)
        elif known[caller] != variants and variants in known.values():
            yield f"caller '{caller}' is for class '{known[caller]}', not '{variants}'"
        elif kind != (fitting := _OF_KIND.get(caller, kind)):
            yield f"caller '{caller}' is for {fitting} assays, and this one is {kind}"


def _check_deepvariant(assay: dict[str, Any], findings: Findings, where: Callable) -> None:
    """Note the caller without its files, and files without the caller."""
    is_caller, given = DEEPVARIANT in _listed(by_class(assay["callers"]).get("small"), str), assay.get(DEEPVARIANT)
    if is_caller and not given:
        text = f"caller '{DEEPVARIANT}' takes calls made elsewhere: write where they are,"
        findings.add(*where("callers"), f"{text}  {DEEPVARIANT}: calls/{{sample}}.vcf.gz")
    if given and not is_caller:
        findings.add(*where(DEEPVARIANT), f"{DEEPVARIANT}: has no effect unless callers: lists {DEEPVARIANT}")


def _check_classes(assay: dict[str, Any], findings: Findings, where: Callable) -> None:
    """Note classes of variants that do not exist, and those that have callers but no policy, or the other way round."""
    classes = known_classes()
    named = {key: by_class(assay[key]) for key in ("callers", "policy")}
    for (key, own), other in zip(named.items(), ("policy", "callers"), strict=True):
        for name in own:
            if name not in classes:
                findings.add(*where(key), unknown("class of variants", str(name), classes))
            elif name not in named[other]:
                findings.add(
                    *where(key), f"'{name}' is under {key}: but not under {other}:; a class of variants needs both"
                )


def _check_rna(assay: dict[str, Any], findings: Findings, where: Callable) -> None:
    """Note callers that do not fit the aligner: small variants are not called from RNA, nor fusions of RNA from DNA."""
    callers, is_rna = by_class(assay["callers"]), assay["aligner"] == "star"
    small = _listed(callers.get("small"), str)
    if is_rna != ("rna" in callers) or is_rna == bool(small) and assay["kind"] != MONITORING:
        text = "callers: {small: [], rna: [starjunctions]} goes with aligner: star, and with no other"
        findings.add(*where("callers"), text)


def by_class(value: Any) -> dict[str, Any]:
    """Callers or policy by class of variants; a plain list or name is of small variants."""
    return value if isinstance(value, dict) else {"small": value}


def _listed(value: Any, kind: type) -> list[Any]:
    """The list's entries of the right kind; what is of another was noted by the schema."""
    return [entry for entry in value if isinstance(entry, kind)] if isinstance(value, list) else []


def _assay(name: str, values: dict[str, Any], files: AssayFiles) -> Assay:
    callers = {name: tuple(listed) for name, listed in by_class(values["callers"]).items()}
    policy = by_class(values["policy"])
    paths = {kind: files.policies[used].absolute() for kind, used in policy.items() if used in files.policies}
    made = {"callers": callers, "policy": policy, "policy_files": paths, "file": files.assays[name].absolute()}
    made["tmb"] = files.policies[values["tmb"]].absolute() if values.get("tmb") in files.policies else None
    made["min_reads"] = tuple(values["min_reads"]) if values.get("min_reads") else None
    return Assay(
        **{**values, "name": name, "gates": as_gates(values["gates"]), "roles": as_roles(values["roles"]), **made}
    )


def as_gates(written: Iterable[Mapping[str, Any]]) -> tuple[Gate, ...]:
    """Gates as an assay has them, of what its file says."""
    return tuple(Gate(**{**gate, "roles": tuple(gate["roles"]) if "roles" in gate else None}) for gate in written)


def as_roles(written: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Roles as an assay has them; those that its file leaves out are none."""
    return {key: tuple(written.get(key, ())) for key in ("required", "optional", "alone")}
