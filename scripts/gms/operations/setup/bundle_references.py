"""The references of a bundle: the files that a run's configuration names, with their indexes, and assays of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from gms.base.problems import Findings, shown
from gms.base.schemas import Document
from gms.inputs.assay_files import ASSAY_FILES, REFERENCE_PARTS, assay_folders
from gms.operations.setup.bundle_file import Entry

PLACE = "references"
LINES = f"{PLACE}/reference.yaml"
ASSAYS = "assay_folders"
PARTS = ("fasta", *REFERENCE_PARTS, "cram")
# Beside a file: its indexes, and the list of alternate contigs that bwa reads (.alt).
INDICES = (".fai", ".gzi", ".tbi", ".csi", ".alt", ".amb", ".ann", ".bwt", ".pac", ".sa", ".0123", ".bwt.2bit.64")
NO_FILE = "{} '{}' is not a file that can be packed"
HEAD = (
    "# References of this bundle, for the configuration of a run. Paths are relative to the configuration: write it\n"
    "# in this folder, or put the path of this folder before them.\n"
)


def references(configfile: Path) -> dict[str, Entry]:
    """The files of `reference:`, `assays:` and `assay_folders:` of a configuration, and the lines that name them in the
    bundle; nothing of sample sheets, results or sharing. Raises Problems with every file that cannot be packed."""
    findings, document = Findings(), Document(configfile)
    config = document.load(findings) or {}
    entries, lines = {}, {}
    for keys, written in named(config):
        path = configfile.absolute().parent / written
        place = "/".join(keys[1:])
        if not path.is_file():
            findings.add(configfile, document.line(list(keys)), NO_FILE.format(".".join(keys), written))
            continue
        entries |= {f"{PLACE}/{place}/{file.name}": Entry(file) for file in with_indices(path)}
        set_below(lines, keys, f"{place}/{path.name}")
    if not entries:
        findings.add(configfile, None, "reference.fasta is not set, so there are no references to pack")
    for number, folder in enumerate(assay_folders(config, configfile), 1):
        place = f"{ASSAYS}/{number}"
        entries |= {f"{PLACE}/{place}/{name}": Entry(path) for name, path in of_assays(folder, findings)}
        lines.setdefault(ASSAYS, []).append(place)
    findings.raise_if_any()
    if name := config["reference"].get("name"):
        set_below(lines, ("reference", "name"), name)
    entries[LINES] = Entry((HEAD + yaml.safe_dump(lines, allow_unicode=True)).encode())
    return entries


def named(config: dict) -> Iterator[tuple[tuple[str, ...], str]]:
    """(keys in the configuration, path as written there) of each file of the reference and of the assays."""
    reference, assays = config.get("reference"), config.get("assays")
    groups = [(("reference",), reference, PARTS)]
    groups += [(("assays", name), parts, ASSAY_FILES) for name, parts in (assays or {}).items()]
    for keys, parts, names in groups:
        for name in names:
            if isinstance(written := (parts or {}).get(name), str):
                yield (*keys, name), written


def of_assays(folder: Path, findings: Findings) -> Iterator[tuple[str, Path]]:
    """(name in the folder, file) of the assays and policies of a folder and of the files that the assays name.

    Notes a folder without assays, and files that are missing or elsewhere: their path would not lead to the copy.
    """
    policies, assays = sorted(folder.glob("filters/*.yaml")), sorted(folder.glob("*.yaml"))
    if not assays:
        findings.add(folder, None, "is not a folder of assays that can be packed")
    for path in policies + assays:
        yield path.relative_to(folder).as_posix(), path
    for assay in assays:
        content = Document(assay).load(findings) or {}
        parts = {written for key in ASSAY_FILES if isinstance(written := content.get(key), str)}
        for written in dict.fromkeys(strings(content)):
            path = folder / written
            if not path.is_file() and written not in parts:
                continue
            if not path.is_file() or not path.is_relative_to(folder) or ".." in Path(written).parts:
                text = f"'{shown(written)}' is not a file in {shown(folder)}, so it cannot be packed; put it there"
                findings.add(assay, None, text)
                continue
            yield from ((file.relative_to(folder).as_posix(), file) for file in with_indices(path))


def strings(value: Any) -> Iterator[str]:
    """Every text in a document, below keys and in lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def with_indices(path: Path) -> list[Path]:
    """A file and its indexes."""
    beside = [path.with_name(path.name + suffix) for suffix in INDICES]
    return [path, *filter(Path.is_file, beside)]


def set_below(lines: dict, keys: tuple[str, ...], value: str) -> None:
    """Set a value in dictionaries of dictionaries, made where there is none."""
    for key in keys[:-1]:
        lines = lines.setdefault(key, {})
    lines[keys[-1]] = value
