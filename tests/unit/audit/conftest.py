import datetime
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from audit_entries import TIME, decided
from gms.sharing.audit.log import append


@pytest.fixture(autouse=True)
def disk(monkeypatch):
    """What is forced to the disk and put in place, in order; not waited for."""
    done = []
    real = Path.replace

    def replace(self, target):
        done.append(f"replace {Path(target).name}")
        return real(self, target)

    monkeypatch.setattr(
        os, "fsync", lambda number: done.append(f"fsync {Path(f'/proc/self/fd/{number}').readlink().name}")
    )
    monkeypatch.setattr(Path, "replace", replace)
    return done


@pytest.fixture
def key():
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def other_key():
    return Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


@pytest.fixture
def log(tmp_path):
    return tmp_path / "audit.jsonl"


@pytest.fixture
def five(log, key):
    """A log of five entries."""
    for minute in range(5):
        append(log, decided(version=minute + 1), key, now=TIME + datetime.timedelta(minutes=minute))
    return log


@pytest.fixture
def sharing(tmp_path, log, key):
    """What withdrawal and retention read of a sharing file."""
    path = tmp_path / "centre.signing.pem"
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return SimpleNamespace(audit=log, signing_key=path, study=SimpleNamespace(id="S1"))
