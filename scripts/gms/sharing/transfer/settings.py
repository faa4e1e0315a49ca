"""Where packages go (export.s3 of the config), and the account there: two keys that are never shown."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gms.base.errors import GmsError
from gms.sharing.decision.keyfiles import read_secret


@dataclass(frozen=True, slots=True)
class S3Settings:
    """A bucket and its readers; `grants`: organisation -> canonical user id, None in the joint bucket."""

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


VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
FORM = '{"hcp": {"endpoint": "…", "username": "…", "password": "…"}}'


class CredentialsUnusable(GmsError):
    """The keys of the account are missing, or are for another store."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Access key and secret key; neither is part of its text."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


def load_credentials(settings: S3Settings, environment: Mapping[str, str] = os.environ) -> Credentials:
    """From the file that the config names, else from the environment; nowhere else. Raises GmsError."""
    if settings.credentials:
        return _from_file(settings.credentials, settings.endpoint)
    access, secret = (environment.get(name, "") for name in VARIABLES)
    if not (access and secret):
        missing = " and ".join(name for name in VARIABLES if not environment.get(name))
        raise CredentialsUnusable(f"no credentials: {missing} not set, and the config has no export.s3.credentials")
    return Credentials(access, secret)


def _from_file(path: Path, endpoint: str) -> Credentials:
    """A file in the form of NGPIris: its keys are HCP's, base64 of the user name and MD5 of the password.

    Versions of NGPIris before 5 named them aws_access_key_id and aws_secret_access_key. A file for another host is
    refused, so that keys of one tenant are never offered to another.
    """
    try:
        hcp = json.loads(read_secret(path))["hcp"]
        access = hcp.get("username") or hcp.get("aws_access_key_id")
        secret = hcp.get("password") or hcp.get("aws_secret_access_key")
        host = hcp.get("endpoint", "")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CredentialsUnusable(f"{path} is not a credentials file of NGPIris ({FORM})") from None
    if not (isinstance(access, str) and isinstance(secret, str) and access and secret):
        raise CredentialsUnusable(f"{path}: username and password of hcp must both be given, as in {FORM}")
    if host and host != urlsplit(endpoint).hostname:
        raise CredentialsUnusable(f"{path} is for {host}, but export.s3.endpoint is {endpoint}; name the right one")
    return Credentials(access, secret)


def key_prefix(manifest: Mapping[str, Any]) -> str:
    """Where a version of a package is in the bucket."""
    return f"{manifest['study']['id']}/{manifest['package']}/v{manifest['version']}"
