"""What the export commands need of a run's configuration: sharing file, results folder and store."""

from dataclasses import dataclass
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.problems import Findings
from gms.base.results import named
from gms.base.schemas import Document, check, load_schema
from gms.sharing.transfer.settings import S3Settings, s3_settings


class NotConfigured(GmsError):
    """A part of the configuration that an export command needs and that is not there."""


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Absolute paths of sharing file, sample sheet, results and folder of packages; the store, if any.

    `configfile` is the configuration as it was named.
    """

    configfile: Path
    sharing: Path
    sheet: Path
    results: Path
    packages: Path
    s3: S3Settings | None

    def receipt(self, package: Path) -> Path:
        """Where the receipt of a package's transfer is written."""
        return self.results / named("receipt").at(case=package.resolve().name)

    def store(self) -> S3Settings:
        """The store. Raises NotConfigured if the configuration names none."""
        if self.s3 is None:
            raise NotConfigured("no store is configured: add export: {s3: {…}} (keys: docs/export.md)")
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
        raise NotConfigured(f"{configfile} names no sharing file, so nothing is shared (docs/export.md)")
    section = (config.get("export") or {}).get("s3")
    results = (folder / config.get("results", "results")).resolve()
    return ExportSettings(
        configfile=configfile,
        sharing=folder / config["sharing"],
        sheet=folder / config["samples"],
        results=results,
        packages=results / Path(named("decision").path).parent,
        s3=s3_settings(section, folder) if section else None,
    )
