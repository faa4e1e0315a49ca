"""The account of the store: two keys from a private file or from the environment, shown to nobody."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from gms.sharing.decision.keyfiles import read_secret
from gms.sharing.transfer.errors import TransferError
from gms.sharing.transfer.settings import S3Settings

VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
FORM = '{"hcp": {"endpoint": "…", "username": "…", "password": "…"}}'


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
        raise TransferError(f"no credentials: {missing} not set, and the config has no export.s3.credentials")
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
        raise TransferError(f"{path} is no credentials file of NGPIris, which looks like {FORM}") from None
    if not (isinstance(access, str) and isinstance(secret, str) and access and secret):
        raise TransferError(f"{path}: username and password of hcp must both be given, as in {FORM}")
    if host and host != urlsplit(endpoint).hostname:
        raise TransferError(f"{path} is for {host}, but export.s3.endpoint is {endpoint}: name the right one of them")
    return Credentials(access, secret)
