"""Assays: read from config/assays, changed where the run's configuration says so, and checked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gms.base.problems import Findings, unknown
from gms.base.schemas import Document, check, load_schema
from gms.inputs.metrics import SAMPLE_METRICS, find
from gms.inputs.run_model import Assay, Gate

_PATHS = ("targets", "normals", "whitelist", "genes")


def known_assays(project: Path) -> list[str]:
    """Names of the assays that the project has a file for, sorted."""
    return sorted(path.stem for path in (project / "config" / "assays").glob("*.yaml"))


def known_callers(project: Path) -> list[str]:
    """Names of the callers that the project has a rule file for, sorted."""
    return sorted(path.stem for path in (project / "workflow" / "rules" / "callers").glob("*.smk"))


def load_assay(
    name: str, overrides: dict[str, Any], config: Document, project: Path, findings: Findings
) -> Assay | None:
    """The assay with the overrides applied; None after noting what is wrong with either.

    Paths in `overrides` are relative to the configuration file, those in the assay's own file to the project.
    """
    document = Document(project / "config" / "assays" / f"{name}.yaml")
    own, schema = document.load(findings), load_schema("assay")
    if own is None or not check(own, schema, document, findings):
        return None
    partial = {key: value for key, value in schema.items() if key != "required"}
    sound = check(overrides, partial, config, findings, ("assays", name))
    _check_names({**own, **overrides}, project, findings, lambda *keys: _where(name, overrides, document, config, keys))
    if not sound:
        return None
    return _assay(name, {**_resolved(own, project.absolute()), **_resolved(overrides, config.path.parent.absolute())})


def _resolved(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {key: folder / value if key in _PATHS and value else value for key, value in values.items()}


def _where(name: str, overrides: dict[str, Any], document: Document, config: Document, keys: tuple) -> tuple:
    """Source and line of an assay's key: the run's configuration where it overrides the key, else the assay's file."""
    if keys[0] in overrides:
        return config.path, config.line(["assays", name, *keys])
    return document.path, document.line(keys)


def _check_names(assay: dict[str, Any], project: Path, findings: Findings, where: Callable) -> None:
    """Note a policy or caller that has no file, and gates on what nothing measures; `where` gives a key's place."""
    policies = {path.stem for path in (project / "config" / "filters").glob("*.yaml")}
    if assay["policy"] not in policies:
        findings.add(*where("policy"), unknown("policy", str(assay["policy"]), policies))
    callers = known_callers(project)
    for caller in _listed(assay["callers"], str):
        if caller not in callers:
            findings.add(*where("callers"), unknown("caller", caller, callers))
    for number, gate in enumerate(_listed(assay["gates"], dict)):
        metric = str(gate.get("metric", ""))
        if metric and not find(metric):
            findings.add(*where("gates", number, "metric"), unknown("metric", metric, SAMPLE_METRICS))


def _listed(value: Any, kind: type) -> list[Any]:
    """The list's entries of the right kind; what is of another was noted by the schema."""
    return [entry for entry in value if isinstance(entry, kind)] if isinstance(value, list) else []


def _assay(name: str, values: dict[str, Any]) -> Assay:
    gates = tuple(
        Gate(**{**gate, "roles": tuple(gate["roles"]) if "roles" in gate else None}) for gate in values["gates"]
    )
    roles = {key: tuple(values["roles"].get(key, ())) for key in ("required", "optional", "alone")}
    return Assay(**{**values, "name": name, "gates": gates, "roles": roles, "callers": tuple(values["callers"])})
