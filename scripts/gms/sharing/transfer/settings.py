"""Where packages go: export.s3 of the config."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class S3Settings:
    """A bucket and who may read in it; `grants` is the canonical user id of each party, None in the joint bucket."""

    endpoint: str
    bucket: str
    ca: Path | None
    credentials: Path | None
    grants: Mapping[str, str] | None
    megabytes_per_second: float | None

    @property
    def tenant(self) -> str:
        """The owner's part of the store: NGP has it as the first label of the host name."""
        return (urlsplit(self.endpoint).hostname or "").partition(".")[0]

    @property
    def rate(self) -> float | None:
        """Limit of the sending rate in bytes per second."""
        return self.megabytes_per_second and self.megabytes_per_second * 1e6


def s3_settings(section: Mapping[str, Any], folder: Path) -> S3Settings:
    """The settings in export.s3 (checked by the schema of the config already); paths are relative to `folder`."""

    def path(key: str) -> Path | None:
        return folder / section[key] if section.get(key) else None

    return S3Settings(
        endpoint=section["endpoint"].rstrip("/"),
        bucket=section["bucket"],
        ca=path("ca"),
        credentials=path("credentials"),
        grants=None if section.get("joint") else dict(section["grants"]),
        megabytes_per_second=section.get("megabytes_per_second"),
    )
