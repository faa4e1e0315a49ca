"""The references of a bundle: the files that a run's configuration names, with their indexes."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from gms.base.problems import Findings
from gms.base.schemas import Document
from gms.operations.setup.bundle_file import Entry

PLACE = "references"
LINES = f"{PLACE}/reference.yaml"
PARTS = ("fasta", "genes", "population", "clinvar", "mask", "hotspots", "cram")
ASSAY_PARTS = ("targets", "normals", "whitelist", "genes")
INDICES = (".fai", ".gzi", ".tbi", ".csi", ".amb", ".ann", ".bwt", ".pac", ".sa", ".0123", ".bwt.2bit.64")
HEAD = (
    "# References of this bundle, for the configuration of a run. Paths are relative to the configuration: write it\n"
    "# in this folder, or put the path of this folder before them.\n"
)


def references(configfile: Path) -> dict[str, Entry]:
    """The files of `reference:` and `assays:` of a configuration, and the lines that name them in the bundle; nothing
    of sample sheets, results or sharing. Raises Problems with every file that is not there."""
    findings, document = Findings(), Document(configfile)
    config = document.load(findings) or {}
    entries, lines = {}, {}
    for keys, written in named(config):
        path = configfile.absolute().parent / written
        place = "/".join(keys[1:])
        if not path.is_file():
            text = f"{'.'.join(keys)} '{written}' is not a file that can be packed"
            findings.add(configfile, document.line(list(keys)), text)
            continue
        entries |= {f"{PLACE}/{place}/{file.name}": Entry(file) for file in with_indices(path)}
        set_below(lines, keys, f"{place}/{path.name}")
    if not entries:
        findings.add(configfile, None, "reference.fasta is not set, so there are no references to pack")
    findings.raise_if_any()
    if name := config["reference"].get("name"):
        set_below(lines, ("reference", "name"), name)
    entries[LINES] = Entry((HEAD + yaml.safe_dump(lines, allow_unicode=True)).encode())
    return entries


def named(config: dict) -> Iterator[tuple[tuple[str, ...], str]]:
    """(keys in the configuration, path as written there) of each file of the reference and of the assays."""
    reference, assays = config.get("reference"), config.get("assays")
    groups = [(("reference",), reference, PARTS)]
    groups += [(("assays", name), parts, ASSAY_PARTS) for name, parts in (assays or {}).items()]
    for keys, parts, names in groups:
        for name in names:
            if isinstance(written := (parts or {}).get(name), str):
                yield (*keys, name), written


def with_indices(path: Path) -> list[Path]:
    """A file and its indexes."""
    beside = [path.with_name(path.name + suffix) for suffix in INDICES]
    return [path, *filter(Path.is_file, beside)]


def set_below(lines: dict, keys: tuple[str, ...], value: str) -> None:
    """Set a value in dictionaries of dictionaries, made where there is none."""
    for key in keys[:-1]:
        lines = lines.setdefault(key, {})
    lines[keys[-1]] = value
