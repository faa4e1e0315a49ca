"""Entries of an audit log, invented, for the tests."""

import datetime
import json
from types import SimpleNamespace

from gms.sharing.decision.pseudonyms import Pseudonyms
from gms.sharing.transfer.errors import ExistingObject, RefusedByStorage

NAMES = Pseudonyms(bytes(range(32)), "S1")
CASE, OTHER_CASE = NAMES.case("c1"), NAMES.case("c2")
PERSON, OTHER_PERSON = NAMES.subject("p1"), NAMES.subject("p2")
TIME = datetime.datetime(2024, 11, 23, 9, 30, tzinfo=datetime.UTC)
MANIFEST = "a" * 64
ENDPOINT = "https://vgtn0012.example.org"


def decided(**changes):
    """The decision to share a case of one person with two organisations."""
    return {
        "action": "decided",
        "study": "S1",
        "package": CASE,
        "version": 1,
        "decision": "shared",
        "rule_set": "se-2026-01",
        "ethics_approval": "2026-01234-01",
        "disclosing_party": "region-uppsala",
        "disclosing_decision": "RU 2026-77",
        "retention_until": "2027-12-31",
        "data_categories": ["somatic_variants", "quality_metrics"],
        "parties": ["karolinska-institutet", "lunds-universitet"],
        "subjects": [PERSON],
        "left_out": [],
        "refused_parties": [],
        "reasons": [],
        "manifest_sha256": MANIFEST,
        **changes,
    }


def granted(**changes):
    """The same package for one more organisation."""
    names = ("study", "package", "rule_set", "ethics_approval", "disclosing_party", "disclosing_decision")
    names += ("retention_until", "data_categories", "subjects")
    same = {name: value for name, value in decided().items() if name in names}
    organisations = ["karolinska-institutet", "lunds-universitet", "umea-universitet"]
    new = {"version": 2, "supersedes": 1, "parties": organisations, "manifest_sha256": "b" * 64}
    return {"action": "granted", **same, **new, **changes}


def approved(**changes):
    """A second person's release."""
    return {
        "action": "approved",
        "study": "S1",
        "package": CASE,
        "version": 1,
        "manifest_sha256": MANIFEST,
        **changes,
    }


def uploaded(**changes):
    """The transfer of the package."""
    entry = {
        "action": "uploaded",
        "study": "S1",
        "package": CASE,
        "version": 1,
        "manifest_sha256": MANIFEST,
        "parties": ["karolinska-institutet", "lunds-universitet"],
        "target": "s3",
        "endpoint": ENDPOINT,
        "bucket": "gmc-joint",
        "objects": ["data/x.vcf.gz.c4gh", "manifest.json", "manifest.sig"],
        **changes,
    }
    return {"prefix": f"S1/{entry['package']}/v{entry['version']}/", **entry}


def upload_started(**changes):
    """The transfer of the package before its first byte."""
    entry = {**uploaded(**changes), "action": "upload_started"}
    del entry["objects"]
    return entry


def superseded(**changes):
    """Version 1 closed to its organisations."""
    same = {name: uploaded()[name] for name in ("study", "package", "version", "target", "endpoint", "bucket")}
    return {"action": "superseded", **same, "by": 2, "objects": ["manifest.json"], **changes}


def handed_over(**changes):
    """The package given to an organisation on a disk."""
    same = {name: uploaded()[name] for name in ("study", "package", "version", "manifest_sha256")}
    return {"action": "handed_over", **same, "party": "lunds-universitet", "date": "2024-11-20", **changes}


def manifest(package=CASE, version=1, subjects=(PERSON,), study="S1"):
    """What withdrawal reads of a manifest."""
    held = [{"pseudonym": subject, "samples": []} for subject in subjects]
    return json.dumps({"package": package, "version": version, "study": {"id": study}, "subjects": held}).encode()


class MemoryStore:
    """A bucket in memory with the requests that the audit needs; `locked` are keys that it does not let go."""

    def __init__(self, endpoint=ENDPOINT, bucket="gmc-joint"):
        self.settings = SimpleNamespace(endpoint=endpoint, bucket=bucket, grants=None)
        self.objects, self.locked, self.deleted = {}, set(), []

    def list_objects(self, prefix):
        return [SimpleNamespace(key=key) for key in sorted(self.objects) if key.startswith(prefix)]

    def get_small(self, key):
        return self.objects.get(key)

    def put_small(self, key, content):
        if self.objects.get(key, content) != content:
            raise ExistingObject(key, "its content differs")
        new = key not in self.objects
        self.objects[key] = content
        return new

    def delete_object(self, key):
        if key in self.locked and key in self.objects:
            raise RefusedByStorage(key, "AccessDenied")
        self.deleted.append(key)
        return int(self.objects.pop(key, None) is not None)

    def pages(self, operation, doing, **arguments):
        return iter([{}])

    def request(self, operation, doing, **arguments):
        raise AssertionError("there is no unfinished upload to give up")
