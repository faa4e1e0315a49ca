"""Trial definitions: read from YAML files, checked, and chosen by the day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.problems import Findings, shown
from gms.base.project import PROJECT
from gms.base.schemas import Document, check, load_schema
from gms.inputs.user_tables import calendar_day
from gms.trials.definitions.model import Cohort, Node, Trial, leaf
from gms.trials.definitions.oncotree import OncoTree
from gms.trials.definitions.trees import TreeReader
from gms.trials.two_stage.design import Design, design_problems

SHIPPED = PROJECT / "resources" / "trials"
GENE_LISTS = PROJECT / "resources" / "genes"


class NoDefinitions(GmsError):
    """A place for definitions that has none."""

    def __init__(self, place: Path):
        super().__init__(f"{shown(place)} has no trial definitions; name a YAML file, or a folder with such files")


def definition_files(places: Iterable[Path]) -> list[Path]:
    """YAML files of the places, files or folders, in a fixed order. Raises NoDefinitions."""
    found: list[Path] = []
    for place in places:
        files = sorted(place.glob("*.yaml")) if place.is_dir() else [place] if place.is_file() else []
        if not files:
            raise NoDefinitions(place)
        found += files
    return list(dict.fromkeys(path.resolve() for path in found))


def known_genes(more: Path | None = None) -> frozenset[str]:
    """Symbols of the lists in resources/genes, and of a file with one symbol at the start of each line."""
    files = [*sorted(GENE_LISTS.glob("*.txt")), *([more] if more else [])]
    lines = (line for path in files for line in path.read_text().splitlines())
    return frozenset(line.split()[0] for line in lines if line.strip() and not line.startswith("#"))


def read_trials(
    files: Sequence[Path], genes: frozenset[str] | None = None, oncotree: OncoTree | None = None
) -> list[Trial]:
    """All definitions, by id and version. Raises `Problems` with everything that is wrong with them."""
    findings, trials, first = Findings(), [], {}
    for path in files:
        document = Document(path)
        content = document.load(findings)
        if content is None or not check(content, load_schema("trial"), document, findings):
            continue
        other = first.setdefault((content["id"], content["version"]), path)
        if other != path:
            text = f"trial {content['id']} version {content['version']} is in {shown(other)} already; raise the version"
            findings.add(path, document.line(["version"]), text)
        rules, germline = content.get("rules") or {}, content["consent"]["germline"]
        trial = _trial(content, TreeReader(document, findings, rules, genes, oncotree, germline))
        trials += [trial] if trial else []
    findings.raise_if_any()
    return sorted(trials, key=lambda trial: (trial.id, trial.version))


def on_day(trials: Iterable[Trial], day: str) -> list[Trial]:
    """The version of each trial that counts on a day: of those that hold the one that began last; else the last."""
    chosen: dict[str, Trial] = {}
    for trial in sorted(trials, key=lambda trial: (trial.holds_on(day), trial.first_day, trial.version)):
        chosen[trial.id] = trial
    return list(chosen.values())


def _trial(content: Mapping[str, Any], reader: TreeReader) -> Trial | None:
    document, findings = reader.document, reader.findings
    before = len(findings.problems)
    _check_dates(content["valid"], document, findings)
    _check_ids(content, document, findings)
    for name, rule in reader.rules.items():
        reader.read(rule, ("rules", name), (name,))
    shared = list(_shared(content, reader))
    cohorts = [_cohort(place, content, shared, reader) for place in range(len(content["cohorts"]))]
    if len(findings.problems) > before or None in cohorts:
        return None
    valid, names = content["valid"], ("id", "version", "title", "source", "status", "endpoint")
    return Trial(
        **{name: content[name] for name in names},
        registers=content.get("registers") or {},
        first_day=valid["from"],
        last_day=valid.get("until"),
        sites=tuple(content["sites"]),
        cohorts=tuple(cohorts),
    )


def _shared(content: Mapping[str, Any], reader: TreeReader) -> Iterator[Node | None]:
    """Nodes that all cohorts have: consents, and the criteria of the trial."""
    for item in content["consent"]["needed"]:
        yield leaf("clinical", {"item": item, "is": "yes"})
    if "eligibility" in content:
        node = reader.read(content["eligibility"], ("eligibility",))
        yield node and Node(node.kind, node.parts, node.params, "Criteria of the trial", node.key)


def _cohort(place: int, content: Mapping[str, Any], shared: list[Node | None], reader: TreeReader) -> Cohort | None:
    own, at = content["cohorts"][place], ("cohorts", place)
    profile = reader.read(own["rule"], (*at, "rule"))
    barred = [reader.read(tree, (*at, "exclusions", number)) for number, tree in enumerate(own.get("exclusions") or ())]
    design = _design(own, at, reader)
    if profile is None or None in (*shared, *barred):
        return None
    types = own.get("tumor_types") or {}
    profile = Node(profile.kind, profile.parts, profile.params, "Molecular profile", profile.key)
    return Cohort(
        id=own["id"],
        title=own.get("title") or own["id"],
        status=own.get("status") or content["status"],
        slots=own.get("slots"),
        drug=own["drug"]["name"],
        drug_codes=own["drug"].get("codes") or {},
        tumor_types=types,
        evidence=own["evidence"],
        design=design,
        tree=Node("all", (*shared, *_types(types, at, reader), profile, *(Node("not", (tree,)) for tree in barred))),
    )


def _types(types: Mapping[str, list[str]], at: tuple, reader: TreeReader) -> Iterator[Node]:
    """Leaves for the tumour types of a cohort."""
    for key, codes in types.items():
        for number, code in enumerate(codes):
            for text in reader.code_problems(code):
                line = reader.document.line([*at, "tumor_types", key, number])
                reader.findings.add(reader.document.path, line, text)
            if key == "exclude" and code in types.get("include", ()):
                line = reader.document.line([*at, "tumor_types", key, number])
                reader.findings.add(reader.document.path, line, f"{code} is included and excluded; keep one")
        found = leaf("diagnosis", {"codes": codes})
        yield found if key == "include" else Node("not", (found,))


def _design(own: Mapping[str, Any], at: tuple, reader: TreeReader) -> Design | None:
    """The two-stage design, checked against what the definition claims of it."""
    if "design" not in own:
        return None
    stated = own["design"]
    design = Design(**{key: value for key, value in stated.items() if key != "claims"})
    for key, text in design_problems(design, stated["claims"]):
        line = reader.document.line([*at, "design", *key])
        reader.findings.add(reader.document.path, line, text)
    return design


def _check_dates(valid: Mapping[str, str], document: Document, findings: Findings) -> None:
    for key, value in valid.items():
        if calendar_day(value) is None:
            text = f"valid.{key} '{value}' is not a calendar date"
            findings.add(document.path, document.line(["valid", key]), text)
            return
    if valid.get("until") and valid["until"] < valid["from"]:
        text = f"valid.until {valid['until']} is before valid.from {valid['from']}; the definition would never hold"
        findings.add(document.path, document.line(["valid", "until"]), text)


def _check_ids(content: Mapping[str, Any], document: Document, findings: Findings) -> None:
    seen: set[str] = set()
    for place, cohort in enumerate(content["cohorts"]):
        if cohort["id"] in seen:
            text = f"cohort '{cohort['id']}' is there already; each cohort has an id of its own"
            findings.add(document.path, document.line(["cohorts", place, "id"]), text)
        seen.add(cohort["id"])
