import datetime

import pytest

from audit_entries import CASE, PERSON, TIME, MemoryStore, decided, granted, uploaded
from gms.sharing.audit.log import append
from gms.sharing.audit.queries import uploaded_versions
from gms.sharing.transfer import acl
from gms.sharing.transfer.errors import TransferError
from gms.sharing.withdrawal.execution import supersede

MANIFEST = {"package": CASE, "version": 2, "study": {"id": "S1"}, "subjects": [{"pseudonym": PERSON}]}
PREFIX = f"S1/{CASE}/v1/"


@pytest.fixture
def store(monkeypatch):
    """A bucket with two versions and with access lists, which it changes but for keys in `refused`."""
    made = MemoryStore()
    made.settings.grants, made.refused, made.closed = {"lunds-universitet": "u1"}, set(), []
    made.objects = {f"S1/{CASE}/v{version}/{path}": b"" for version in (1, 2) for path in ("manifest.json", "x.c4gh")}

    def grant(store, key, organisations):
        assert organisations == {}
        if key in store.refused:
            raise TransferError("answered 403", "AccessDenied")
        store.closed.append(key)

    monkeypatch.setattr(acl, "grant", grant)
    return made


@pytest.fixture
def sent(log, key):
    """Two versions that were sent."""
    later = uploaded(version=2, manifest_sha256="b" * 64)
    for minute, entry in enumerate((decided(), uploaded(), granted(), later)):
        append(log, entry, key, now=TIME + datetime.timedelta(minutes=minute))
    return log


def test_closed_and_logged_once(sent, key, store):
    (entry,), lines = supersede(store, MANIFEST, sent)
    assert store.closed == [f"{PREFIX}manifest.json", f"{PREFIX}x.c4gh"]
    assert lines == [f"{CASE}, version 1: superseded by version 2; only the owner can read it now"]
    append(sent, entry, key)
    assert [one.superseded for one in uploaded_versions(sent, CASE)] == [2, None]
    assert supersede(store, MANIFEST, sent) == ([], lines)


def test_what_is_not_closed_is_told_and_not_logged(sent, store):
    store.refused.add(f"{PREFIX}x.c4gh")
    entries, (line,) = supersede(store, MANIFEST, sent)
    assert entries == [] and "NOT closed to its organisations" in line and "x.c4gh (AccessDenied)" in line
    store.settings.grants = None
    entries, (line,) = supersede(store, MANIFEST, sent)
    assert entries == [] and "members of the joint bucket can still read it" in line


def test_nothing_before_the_first_version(sent, store):
    assert supersede(store, {**MANIFEST, "version": 1}, sent) == ([], []) and store.closed == []
