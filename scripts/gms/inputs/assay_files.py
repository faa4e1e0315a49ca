"""Where assays and their filter policies are found: in the project, and in the folders that a configuration adds.

A folder of `assay_folders:` holds `<assay>.yaml` and, in its folder `filters`, `<policy>.yaml`.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from gms.base.problems import Findings, shown
from gms.base.schemas import Document
from gms.inputs.row_files import deepvariant_files
from gms.inputs.run_model import Assay, Run

# Keys of the rank models, by class of variants.
RANK_MODELS = {
    "small": "rank_model",
    "mitochondrial": "rank_model",
    "structural": "rank_model_structural",
    "copy_number": "rank_model_structural",
    "repeats": "rank_model_repeats",
}
# Keys of an assay that name a file other than its policies.
ASSAY_FILES = ("targets", "normals", "whitelist", "genes", "expected", "msi", "copy_number")
ASSAY_FILES += ("structural_normals", "repeat_normals", *dict.fromkeys(RANK_MODELS.values()), "secondary_genes")
# Keys of a reference that name a file of what is known of it, in words.
REFERENCE_PARTS = {
    "genes": "gene models",
    "population": "population frequencies",
    "clinvar": "ClinVar",
    "mask": "difficult regions",
    "hotspots": "hotspots",
    "mitomap": "MITOMAP",
    "mitotip": "MitoTIP",
    "repeats": "catalogue of repeats",
    "smn": "sites of SMN1 and SMN2",
    "mobile_elements": "families of mobile elements",
    "structural_population": "frequencies of structural variants",
    "phenotypes": "genes of HPO terms",
}


@dataclass(frozen=True)
class AssayFiles:
    """Files by name of assay and of policy; `folders`: where the paths in the file of an assay start, by assay.

    `twice`: (what, name, files) of names that are there more than once; the first is taken.
    """

    assays: dict[str, Path] = field(default_factory=dict)
    policies: dict[str, Path] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)
    twice: list[tuple[str, Path, Path]] = field(default_factory=list)

    def add(self, assays: Iterable[Path], policies: Iterable[Path], folder: Path) -> None:
        """Add the files of one place, whose paths start at `folder`."""
        for what, known, paths in (("assay", self.assays, assays), ("policy", self.policies, policies)):
            for path in sorted(paths):
                first = known.setdefault(path.stem, path)
                if first is not path:
                    self.twice.append((what, first, path))
                elif what == "assay":
                    self.folders[path.stem] = folder


def find_assay_files(project: Path, folders: Sequence[Path] = ()) -> AssayFiles:
    """The assays and policies of the project and of these folders."""
    found, config = AssayFiles(), project / "config"
    found.add((config / "assays").glob("*.yaml"), (config / "filters").glob("*.yaml"), project.absolute())
    for folder in dict.fromkeys(folders):
        found.add(folder.glob("*.yaml"), (folder / "filters").glob("*.yaml"), folder)
    return found


def assay_folders(config: dict[str, Any], configfile: Path) -> list[Path]:
    """The folders that a configuration adds, absolute; what is of another form is a problem of the schema."""
    written = config.get("assay_folders")
    return [
        configfile.parent.absolute() / path
        for path in (written if isinstance(written, list) else [])
        if isinstance(path, str)
    ]


def check_assay_files(files: AssayFiles, folders: Sequence[Path], document: Document, findings: Findings) -> None:
    """Note folders of assays that are not there or hold none, and names that are there twice."""
    for number, folder in enumerate(folders):
        line = document.line(["assay_folders", number])
        if not folder.is_dir():
            text = f"assay_folders: '{shown(folder)}' is not a folder; paths are relative to this file"
            findings.add(document.path, line, text)
        elif not any(folder.glob("*.yaml")):
            text = f"assay_folders: '{shown(folder)}' has no assay; an assay is a file NAME.yaml in it"
            findings.add(document.path, line, f"{text}, its policy filters/NAME.yaml")
    for what, first, path in files.twice:
        text = f"{what} '{path.stem}' is in '{shown(first.parent)}' already; give yours a name of its own"
        findings.add(path, None, text)


@functools.cache
def kind_of(file: Path) -> str | None:
    """The kind that the file of an assay says it has; one that cannot be read is reported when the assay is loaded."""
    return (Document(file).load(Findings()) or {}).get("kind")


def named_files(run: Run) -> list[Path]:
    """Every file or folder that the config and the sheet name, sorted, other than those of reads and calls."""
    given = [
        run.sheet,
        run.sharing,
        run.residual_disease,
        *(getattr(run.reference, one.name) for one in fields(run.reference)),
    ]
    for case in run.cases.values():
        given += [case.gene_list, *deepvariant_files(run.assays[case.assay], case)]
    for assay in run.assays.values():
        given += _files_of(assay)
    for virus in run.viruses.values():
        given += [virus.file, *virus.files, virus.nextclade_dataset]
    for value in run.trials.values():
        given += [Path(one) for one in (value if isinstance(value, list) else [value])]
    return sorted({path for path in given if isinstance(path, Path)})


def _files_of(assay: Assay) -> list[Path | None]:
    return [assay.file, assay.tmb, *assay.policy_files.values(), *(getattr(assay, name) for name in ASSAY_FILES)]


def only_files(run: Run) -> Run:
    """The run. Raises Problems where it names pipes or devices, at which whoever reads them would wait."""
    findings = Findings()
    for path in named_files(run):
        if path.exists() and not path.is_file() and not path.is_dir():
            findings.add(path, None, "is a pipe or a device, not a file; name a file that can be read more than once")
    findings.raise_if_any()
    return run
