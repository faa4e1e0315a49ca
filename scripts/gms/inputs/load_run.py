"""The run: from what the user wrote, config and sample sheet, to one checked object that nothing changes any more."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.personal_numbers import find_personal_number
from gms.base.problems import Findings, unknown
from gms.base.project import PROJECT
from gms.base.schemas import Document, check, compiled, dotted, load_schema, missing
from gms.inputs.assay_files import (
    AssayFiles,
    assay_folders,
    check_assay_files,
    find_assay_files,
    kind_of,
    only_files,
)
from gms.inputs.assays import load_assay
from gms.inputs.cases import check_cases, make_cases
from gms.inputs.row_files import Row, check_umis
from gms.inputs.run_model import MONITORING, VIRAL, Assay, Case, Reference, Run, ViralAssay
from gms.inputs.sample_sheet import read_sheet
from gms.inputs.viral_assays import check_plates, load_viral_assay, make_plates

RESIDUAL_DISEASE = "residual_disease"  # the assay of patients whose plasma is not in the sheet


class MissingConfig(GmsError):
    """The workflow was started without a config file."""

    def __init__(self) -> None:
        super().__init__(
            "no config file; add  --configfile run.yaml  (config/config.yaml is an explained example); a Snakefile "
            "that uses this workflow as a module needs  configfile: 'config/config.yaml'"
        )


def config_file(files: Sequence[Path | str], start: str) -> Path:
    """The config file that the paths of a run are relative to: the first of Snakemake's list.

    `start` is the folder in which Snakemake was started: a module may be loaded again after the working directory was
    changed to the results. Raises MissingConfig.
    """
    if not files:
        raise MissingConfig
    return Path(start, files[0])


def load_run(config: dict[str, Any], configfile: Path, project: Path) -> Run:
    """The run that `config`, read from `configfile` (and the profile), asks for; `project` is the repository's folder.

    Opens the config file, the sheet and the assays, nothing else, so that it is cheap enough for every job's start.
    Raises `Problems` with everything that is wrong with them.
    """
    findings, document = Findings(), Document(configfile)
    _check_file(config, configfile, document, findings)
    check(config, load_schema("config"), document, findings)
    files = _find_assays(config, project, document, findings)
    names, changes = sorted(files.assays), config.get("assays") or {}
    changed = [name for name in names if name in changes]
    assays = _load_assays(changed, files, config, document, project, findings)
    if not isinstance(config.get("samples"), str):
        findings.raise_if_any()
    sheet = configfile.parent / config["samples"]
    table = read_sheet(sheet, names, findings)
    asked = _asked(table.sound, config, files)
    assays |= _load_assays((name for name in asked if name not in changed), files, config, document, project, findings)
    used = {name: assays[name] for name in asked if name in assays}
    check_cases(table.rows, table.sound, used, sheet, findings)
    check_plates(table.sound, _viral(used), sheet, findings)
    _check_needs(table.sound, used, config, document, findings)
    check_umis(table.sound, used, sheet, findings).raise_if_any()
    return only_files(_run(config, configfile, project, used, make_cases(table.rows, sheet.absolute())))


def _check_file(config: dict[str, Any], configfile: Path, document: Document, findings: Findings) -> None:
    """Note duplicate keys, of which Snakemake takes the last, personal numbers and an unusable place."""
    if configfile.is_file():
        document.load(findings)
    _check_personal_numbers(config, document, findings)
    _check_place(configfile.parent.absolute(), document, findings)


def read_run(configfile: Path) -> Run:
    """The run of a configuration, for commands that ask about it: which centre it is at changes no answer.

    Raises `Problems`.
    """
    findings = Findings()
    config = Document(configfile).load(findings)
    findings.raise_if_any()
    return load_run({"gmc": "local"} | config, configfile, PROJECT)


def _find_assays(config: dict, project: Path, document: Document, findings: Findings) -> AssayFiles:
    """The files of all assays, after noting faults of their folders and changes to assays that do not exist."""
    files = find_assay_files(project, folders := assay_folders(config, document.path))
    check_assay_files(files, folders, document, findings)
    names = config.get("assays")
    for name in names if isinstance(names, dict) else ():
        if name not in files.assays:
            findings.add(document.path, document.line(["assays", name]), unknown("assay", str(name), files.assays))
    return files


def _load_assays(
    names: Iterable[str], files: AssayFiles, config: dict, document: Document, project: Path, findings: Findings
) -> dict[str, Assay | ViralAssay]:
    """The named assays with the configuration's changes, as far as they load."""
    changes = config.get("assays")
    changes = changes if isinstance(changes, dict) else {}
    loaded = {}
    for name in names:
        change = changes.get(name)
        change = change if isinstance(change, dict) else {}
        load = load_viral_assay if kind_of(files.assays[name]) == VIRAL else load_assay
        loaded[name] = load(name, change, document, project, findings, files)
    return {name: assay for name, assay in loaded.items() if assay}


def _viral(assays: dict[str, Assay | ViralAssay]) -> dict[str, ViralAssay]:
    return {name: assay for name, assay in assays.items() if isinstance(assay, ViralAssay)}


def _check_needs(rows: Iterable[Row], used: dict, config: dict, document: Document, findings: Findings) -> None:
    """Note missing targets, plasma that is not followed, and a missing reference; viral samples alone need none."""
    _check_targets(used, document, findings)
    _check_monitoring(rows, used, config, document, findings)
    if "reference" not in config and (not used or _viral(used) != used):
        findings.add(document.path, None, f"reference {missing(load_schema('config')['properties']['reference'])}")


def _asked(rows: Iterable[Row], config: dict, files: AssayFiles) -> dict[str, None]:
    """Names of the assays that the sheet has, and of that of patients whose plasma was aligned elsewhere."""
    asked = dict.fromkeys(row.assay for row in rows)
    if config.get("residual_disease") and not any(kind_of(files.assays[name]) == MONITORING for name in asked):
        asked[RESIDUAL_DISEASE] = None
    return asked


def _monitors(assay: Assay | ViralAssay | None) -> bool:
    return assay is not None and assay.kind == MONITORING


def _check_monitoring(rows: Iterable[Row], used: dict, config: dict, document: Document, findings: Findings) -> None:
    """Note a second monitoring assay, and plasma of which nothing says whose tumour is followed in it."""
    names = [name for name, assay in used.items() if _monitors(assay)]
    if len(names) > 1:
        text = f"assays {' and '.join(names)} both follow residual disease; a run has one such assay"
        findings.add(document.path, None, text)
    first = next((row for row in rows if row.role == "plasma"), None)
    if first and not config.get("residual_disease"):
        text = f"sample '{first.sample}' is plasma, so residual_disease is needed: the file that says which variants of"
        findings.add(document.path, None, f"{text} the tumour are followed in it; docs/residual-disease.md explains")


def _check_targets(used: dict[str, Assay | ViralAssay], document: Document, findings: Findings) -> None:
    for name, assay in used.items():
        if isinstance(assay, Assay) and assay.needs_targets and assay.targets is None:
            text = (
                f"assay {name} needs targets, the BED of its panel; write  assays: {{{name}: {{targets: panel.bed}}}}"
            )
            findings.add(document.path, document.line(["assays", name]), text)


def _check_place(folder: Path, document: Document, findings: Findings) -> None:
    """Note a folder whose name a shell would take apart: the paths in the configuration are relative to it."""
    rule = load_schema("config")["$defs"]["path"]
    if not compiled(rule["pattern"]).search(str(folder)):
        findings.add(document.path, None, f"its folder '{folder}' {rule['errorMessage']}")


def _check_personal_numbers(config: dict, document: Document, findings: Findings) -> None:
    """Note personal numbers in the configuration, or in the place that it and the results lie in."""
    if find_personal_number(str(document.path.absolute())) is not None:
        text = "its path holds a personal number, and paths are shown in logs and reports; move it to another folder"
        findings.add(document.path, None, text)
    elif isinstance(results := config.get("results", "results"), str) and _leads_to_person(document.path, results):
        text = "results is a link to a path with a personal number, and paths are shown in logs and reports; move it"
        findings.add(document.path, document.line(["results"]), text)
    for keys in _scalars(config):
        if any(find_personal_number(str(part)) is not None for part in keys):
            text = f"{dotted(keys[:-1])} holds a personal number; use a name that says nothing about the person"
            findings.add(document.path, document.line(keys[:-1]), text)


def _leads_to_person(configfile: Path, results: str) -> bool:
    """Whether links, and nothing that is written there, lead from the results folder to a personal number."""
    path = configfile.absolute().parent / results
    return find_personal_number(str(path)) is None and find_personal_number(os.path.realpath(path)) is not None


def _scalars(value: Any, keys: tuple = ()) -> list[tuple]:
    """(key, key, ..., value) of every single value below."""
    if isinstance(value, (dict, list)):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        return [scalar for key, below in entries for scalar in _scalars(below, (*keys, key))]
    return [(*keys, value)]


def _run(config: dict, configfile: Path, project: Path, assays: dict, cases: dict[str, Case]) -> Run:
    folder, viruses = configfile.parent.absolute(), _viral(assays)
    human = {name: case for name, case in cases.items() if case.assay not in viruses}
    is_reported = {name: assays[case.assay].kind != MONITORING for name, case in human.items()}
    plates = make_plates((case for case in cases.values() if case.assay in viruses), viruses)
    return Run(
        samples={sample.name: sample for case in human.values() for sample in case.samples},
        cases={name: case for name, case in human.items() if is_reported[name]},
        monitored={name: case for name, case in human.items() if not is_reported[name]},
        results=folder / config.get("results", "results"),
        gmc=config["gmc"],
        reference=_reference(config, folder),
        assays={name: assay for name, assay in assays.items() if name not in viruses},
        sharing=folder / config["sharing"] if config.get("sharing") else None,
        export=dict(config.get("export") or {}),
        trials=_trials(config.get("trials"), folder),
        residual_disease=folder / config["residual_disease"] if config.get("residual_disease") else None,
        config=config,
        configfile=configfile.absolute(),
        sheet=folder / config["samples"],
        project=project.absolute(),
        viral_samples={sample.name: sample for plate in plates.values() for sample in plate.samples},
        plates=plates,
        viruses=viruses,
    )


def _reference(config: dict, folder: Path) -> Reference:
    given = {key: value for key, value in config.get("reference", {}).items() if value is not None}
    return Reference(**{key: value if key == "name" else folder / value for key, value in given.items()})


def _trials(section: dict[str, Any] | None, folder: Path) -> dict[str, Any]:
    """The files for matching with trials, absolute; empty where it is not asked for."""
    return {
        key: [str(folder / one) for one in value] if isinstance(value, list) else str(folder / value)
        for key, value in (section or {}).items()
        if value
    }
