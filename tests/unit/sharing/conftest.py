"""Fixtures of the sharing tests."""

import datetime
import io
import os
from pathlib import Path
from types import SimpleNamespace

import pysam
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from audit_entries import TIME, decided
from gms.sharing.audit.log import append
from gms.sharing.leak_patterns.rules import LeakRules
from gms.sharing.leak_scan.scan import examine, scan

HEADER = {"HD": {"VN": "1.6"}, "SQ": [{"SN": "chr1", "LN": 1000}], "RG": [{"ID": "r", "SM": "S"}]}


@pytest.fixture
def found():
    """Kinds and places of what a scan finds in files of given bytes."""

    def _found(rules=None, texts=None, **files):
        findings = scan(_openers(files), rules or LeakRules(), texts)
        return {(finding.kind, finding.where) for finding in findings}

    return _found


@pytest.fixture
def kinds():
    """Kinds of what a scan finds in one file of given bytes."""

    def _kinds(content, name="file", rules=None):
        return {finding.kind for finding in scan(_openers({name: content}), rules or LeakRules())}

    return _kinds


@pytest.fixture
def counted():
    """Counts of what fails nothing, in one file of given bytes, which has no finding."""

    def _counted(content):
        examination = examine(_openers({"file": content}), LeakRules())
        assert examination.findings == []
        return [finding.count for finding in examination.counted]

    return _counted


@pytest.fixture
def alignments(tmp_path):
    """The bytes of a CRAM or BAM file of given header lines, read names and text of a tag."""

    def _alignments(mode="wc", header=None, names=("read1",), tag="text"):
        path = tmp_path / "alignments"
        with pysam.AlignmentFile(path, mode, header=HEADER | (header or {})) as out:
            for name in names:
                record = pysam.AlignedSegment(out.header)
                record.query_name, record.flag, record.query_sequence = name, 4, "ACGT"
                # Qualities that look like a personal number are no finding.
                record.query_qualities = pysam.qualitystring_to_array("1212")
                record.set_tag("XX", tag)
                out.write(record)
        content = bytearray(path.read_bytes())
        if mode == "wc":
            content[6:26] = bytes(20)
        return bytes(content)

    return _alignments


def _openers(files):
    return {name: lambda content=content: io.BytesIO(content) for name, content in files.items()}


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
