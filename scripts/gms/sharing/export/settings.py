"""What the export commands need of a run's configuration: sharing file, results folder and store."""

from dataclasses import dataclass
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.problems import Findings
from gms.base.schemas import Document, check, load_schema
from gms.sharing.transfer.settings import S3Settings, s3_settings


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Absolute paths of sharing file, sample sheet and the folder of packages; the store, None without one."""

    sharing: Path
    sheet: Path
    packages: Path
    s3: S3Settings | None

    def store(self) -> S3Settings:
        """The store. Raises GmsError if the configuration names none."""
        if self.s3 is None:
            raise GmsError("the configuration has no store: add export: {s3: {…}} (docs/export.md explains its keys)")
        return self.s3


def export_settings(configfile: Path) -> ExportSettings:
    """Read them from the configuration of a run. Raises GmsError; the workflow itself checks all of it."""
    findings, document = Findings(), Document(configfile)
    config = document.load(findings)
    if config is not None:
        check({"gmc": "local"} | config, load_schema("config"), document, findings)
    findings.raise_if_any()
    folder = configfile.resolve().parent
    if not config.get("sharing"):
        raise GmsError(f"{configfile} names no sharing file, so nothing is shared (docs/export.md)")
    section = (config.get("export") or {}).get("s3")
    return ExportSettings(
        sharing=folder / config["sharing"],
        sheet=folder / config["samples"],
        packages=(folder / config.get("results", "results")).resolve() / "export" / "folder",
        s3=s3_settings(section, folder) if section else None,
    )
