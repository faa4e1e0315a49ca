"""The generated pages of the documentation site."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.base.results import FILES
from gms.documentation.markdown import code, page, table
from gms.documentation.schema_page import schema_blocks
from gms.filtering.variables import variables_of
from gms.inputs.metrics import METRICS, UNITS
from gms.variants.classes import classes


def pages(project: Path = PROJECT) -> dict[str, str]:
    """File name -> text of all pages, made from the files of a project."""
    return {f"{name}.md": make(project) for name, make in PAGES.items()}


def from_schema(name: str, title: str) -> Callable[[Path], str]:
    """A maker of the page on a schema in workflow/schemas."""

    def make(project: Path) -> str:
        path = project / "workflow" / "schemas" / f"{name}.schema.json"
        return page(title, f"workflow/schemas/{path.name}", *schema_blocks(json.loads(path.read_text())))

    return make


def assays(project: Path) -> str:
    """The assays: what each is for, who is in a case, callers, policy and gates."""
    named = dict(_yaml_files(project / "config" / "gates"))
    files = _yaml_files(project / "config" / "assays")
    blocks = [block for name, assay in files for block in _assay(name, assay, named)]
    return page("Assays and their gates", "config/assays", *blocks)


def _assay(name: str, assay: dict[str, Any], named: dict[str, Any]) -> Iterator[str]:
    yield f"## {assay['title']}: `{name}`"
    yield assay.get("description", "")
    known = ("version", "kind", "virus", "aligner", "trim", "callable_depth", "min_allele_fraction", "rules")
    rows = [(code(key), _listed(assay[key])) for key in known if assay.get(key) is not None]
    rows += [(f"`roles`: {key}", _listed(roles)) for key, roles in assay["roles"].items()]
    rows += [(code(key), _listed(assay[key])) for key in ("callers", "policy", "schemes") if key in assay]
    listed = assay["gates"]
    if isinstance(listed, str):
        rows.append(("`gates`", f"{code(listed)}, a list in config/gates ({', '.join(map(code, named))})"))
        listed = named[listed]["gates"]
    yield table(("", ""), rows)
    header = ("metric", "roles", "warn", "fail", "unless", "why")
    gates = [[gate.get(key) for key in header] for gate in listed]
    yield table(
        header, [(code(m), _listed(r or "all"), code(w), code(f), _unless(u), why) for m, r, w, f, u, why in gates]
    )


def _unless(other: dict[str, str] | None) -> str:
    return code(f"{other['metric']} {other['holds']}") if other else ""


def policies(project: Path) -> str:
    """The filter policies: conditions, filters, rescues and sections of the report."""
    files = _yaml_files(project / "config" / "filters")
    blocks = [block for name, policy in files for block in _policy(name, policy)]
    return page("Filter policies", "config/filters", *blocks)


def _policy(name: str, policy: dict[str, Any]) -> Iterator[str]:
    yield f"## {policy['title']}: `{name}` {policy['version']}"
    if conditions := policy.get("conditions"):
        yield table(("condition", "holds when"), [(code(key), code(text)) for key, text in conditions.items()])
    rows = [
        (code(f["flag"]), code(f["when"]), f"missing: {f['missing']}", _listed(f.get("unless", "")), f["why"])
        for f in policy["filters"]
    ]
    yield table(("filter", "flags when", "missing value", "unless", "why"), rows)
    if rescues := policy.get("rescues"):
        rows = [(code(r["name"]), code(r["when"]), _listed(r.get("never", "")), r["why"]) for r in rescues]
        yield table(("rescue", "when", "never overrides", "why"), rows)
    if sections := policy.get("sections"):
        rows = [(code(s["key"]), s["title"], code(s.get("when", ""))) for s in sections]
        yield table(("section", "title in the report", "when"), rows)


def variables(project: Path) -> str:
    """What an expression of a policy may ask of a record."""
    lead = "Names that filters, rescues, conditions and sections of a policy may use. A filter that needs an "
    lead += "annotation resource which a run does not have is not applied, and the report says so."
    blocks = [lead]
    for name in classes():
        rows = [(code(v.name), v.kind, v.words, ", ".join(map(code, v.parts))) for v in variables_of(name).values()]
        blocks += [f"## Class `{name}`", table(("variable", "kind", "meaning", "needs"), rows)]
    return page("Variables of policies", "scripts/gms/filtering/variables.py", *blocks)


def results(project: Path) -> str:
    """Every file of a results folder."""
    rows = [
        (
            code(f.path),
            f.per,
            code(f.rule),
            f.stage,
            *("yes" if mark else "" for mark in (f.compared, f.exported)),
            f.words,
        )
        for f in FILES
    ]
    lead = "Paths are relative to the results folder. A stage is what `./gms status` shows of a case once the file is "
    lead += "there; the ring trial compares files byte by byte, or by their records below the header."
    header = ("file", "one per", "rule", "stage", "compared by the ring trial", "read by the export", "what it is")
    return page("Results", "scripts/gms/base/results.py", lead, table(header, rows))


def metrics(project: Path) -> str:
    """What gates may ask of a sample or a case."""
    rows = [(code(m.shown), m.kind, UNITS[m.unit], m.words, m.source) for m in METRICS]
    lead = "Metrics of the QC records (`qc/*.json`), which gates of an assay may ask for. A gate on any other "
    lead += "name is refused."
    header = ("metric", "of a", "unit", "in reports", "measured by")
    return page("Quality metrics", "scripts/gms/inputs/metrics.py", lead, table(header, rows))


def _yaml_files(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    import yaml

    return [(path.stem, yaml.load(path.read_text(), yaml.CSafeLoader)) for path in sorted(folder.glob("*.yaml"))]


def _listed(value: Any) -> str:
    """A value, entries of a list or of a mapping by class, as code."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_listed(entry)}" for key, entry in value.items())
    if isinstance(value, list):
        return ", ".join(map(code, value))
    return code(str(value).lower() if isinstance(value, bool) else value)


def demo(project: Path) -> str:
    """The variants planted in the miniature data set, by the kind of case that each stands for."""
    path = Path("scripts", "gms", "validation", "demo_data", "planted.tsv")
    rows = [(kind, row) for row in read_table(project / path) for kind in row["kind"].split("; ")]
    header = ("kind", "case", "gene", "change", "becomes", "note")
    kept = ("case", "gene", "change")
    lines = [(kind, *(row[key] for key in kept), _becomes(row), row["note"]) for kind, row in rows]
    return page("What is planted in the demo", path.as_posix(), table(header, sorted(lines)))


def _becomes(row: dict[str, str]) -> str:
    words = f"{row['expected']} {code(row['section'] or row['filters'])}"
    return words + (f", rescued by {code(row['rescued_by'])}" if row["rescued_by"] else "")


PAGES: dict[str, Callable[[Path], str]] = {
    "config": from_schema("config", "Config of a run"),
    "samples": from_schema("samples", "Sample sheet"),
    "assays": assays,
    "assay-keys": from_schema("assay", "Keys of an assay"),
    "viral-assay-keys": from_schema("viral_assay", "Keys of a viral assay"),
    "policies": policies,
    "policy-keys": from_schema("policy", "Keys of a filter policy"),
    "variables": variables,
    "results": results,
    "metrics": metrics,
    "sharing": from_schema("sharing", "Sharing file"),
    "trial": from_schema("trial", "Trial definition"),
    "cohort-progress": from_schema("cohort_progress", "Progress of cohorts"),
    "monitoring": from_schema("monitoring", "Monitored patients"),
    "monitoring-assay": from_schema("monitoring_assay", "Monitoring assay"),
    "residual-disease": from_schema("residual_disease", "Residual disease of a patient"),
    "demo": demo,
    "trial-match": from_schema("trial_match", "Match with trials"),
}
