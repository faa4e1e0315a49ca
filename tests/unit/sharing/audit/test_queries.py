import datetime
from types import SimpleNamespace

import pytest

from audit_entries import (
    CASE,
    ENDPOINT,
    MANIFEST,
    OTHER_CASE,
    OTHER_PERSON,
    PERSON,
    TIME,
    approved,
    decided,
    granted,
    handed_over,
    superseded,
    upload_started,
    uploaded,
)
from gms.sharing.audit import events
from gms.sharing.audit.log import append, read_log
from gms.sharing.audit.queries import (
    latest_version,
    packages_of,
    uploaded_versions,
    versions,
    what_got,
    withdrawn_among,
)
from gms.sharing.withdrawal.messages import rows_text

KI, LUND, UMEA = "karolinska-institutet", "lunds-universitet", "umea-universitet"


def write(log, key, *entries):
    for minute, entry in enumerate(entries, len(read_log(log))):
        append(log, entry, key, now=TIME + datetime.timedelta(minutes=minute))


def deleted(**changes):
    same = {"study": "S1", "package": CASE, "version": 1, "target": "s3", "endpoint": ENDPOINT, "bucket": "gmc-joint"}
    return {"action": "deleted", **same, "removed": 3, "decision": 1, **changes}


def withdrawn(subject=PERSON, packages=((CASE, 1),)):
    held = [{"package": package, "version": version, "others": False} for package, version in packages]
    return {"action": "withdrawn", "study": "S1", "subject": subject, "packages": held}


def test_what_a_party_got(log, key):
    other = decided(package=OTHER_CASE, subjects=[OTHER_PERSON], manifest_sha256="c" * 64)
    write(log, key, decided(), approved(), uploaded(), other)
    (row,) = what_got(log, KI, PERSON)
    assert (row.package, row.version, row.manifest_sha256, row.study) == (CASE, 1, MANIFEST, "S1")
    assert (row.rule_set, row.ethics_approval, row.disclosing_decision) == ("se-2026-01", "2026-01234-01", "RU 2026-77")
    assert (row.decided, row.approved[0][0]) == ("2024-11-23T09:30:00Z", "2024-11-23T09:31:00Z")
    assert [(sent.time, sent.bucket, len(sent.objects)) for sent in row.sent] == [
        ("2024-11-23T09:32:00Z", "gmc-joint", 3)
    ]
    assert row.withdrawn is None and row.sent[0].removed is None
    assert what_got(log, UMEA, PERSON) == what_got(log, KI, PERSON[:-1]) == []
    (not_sent,) = what_got(log, KI, OTHER_PERSON)
    assert not_sent.sent == ()


def test_what_a_later_party_got(log, key):
    later = uploaded(version=2, manifest_sha256="b" * 64, parties=[KI, LUND, UMEA])
    write(log, key, decided(), uploaded(), granted(), later)
    assert [row.version for row in what_got(log, UMEA, PERSON)] == [2]
    assert [row.version for row in what_got(log, KI, PERSON)] == [1, 2]
    assert latest_version(log, CASE).id == (CASE, 2)
    assert latest_version(log, OTHER_CASE) is None


def test_refused_decisions_are_no_packages(log, key):
    refused = decided(decision="refused", reasons=["quality"], manifest_sha256=None, version=None)
    write(log, key, refused)
    assert packages_of(log, PERSON) == what_got(log, KI, PERSON) == []


def test_withdrawn_and_removed_since(log, key):
    write(log, key, decided(), uploaded(), withdrawn(), deleted())
    (row,) = what_got(log, KI, PERSON)
    assert row.withdrawn == "2024-11-23T09:32:00Z"
    assert row.sent[0].removed == "2024-11-23T09:33:00Z"
    assert withdrawn_among(log, {PERSON, OTHER_PERSON}) == {PERSON}


def test_sent_again_after_it_was_removed(log, key):
    write(log, key, decided(), uploaded(), deleted(), uploaded())
    assert [sent.removed for row in what_got(log, KI, PERSON) for sent in row.sent] == [None, None]


def test_removed_from_one_of_two_buckets(log, key):
    write(log, key, decided(), uploaded(), uploaded(bucket="own"), deleted())
    removed = {sent.bucket: bool(sent.removed) for sent in what_got(log, KI, PERSON)[0].sent}
    assert removed == {"gmc-joint": True, "own": False}


def test_same_package_made_again_is_one_version(log, key):
    write(log, key, decided(), decided(), uploaded())
    assert len(versions(read_log(log))) == 1
    write(log, key, deleted(), decided())
    assert [len(version.uploads) for version in versions(read_log(log))] == [1, 0]


TEXT = f"""\
{KI} got 1 version of packages with data of {PERSON}; 1 more was made for it.

{CASE}, version 1: sent, WITHDRAWN BUT NOT REMOVED
  data        somatic variants, quality metrics
  decided     2024-11-23 09:30 UTC, decision RU 2026-77 of region-uppsala
              study S1, ethics approval 2026-01234-01, rule set se-2026-01
  approved    2024-11-23 09:31 UTC, key a050837d85070582…
  sent        2024-11-23 09:32 UTC, 3 objects to bucket gmc-joint of https://vgtn0012.example.org
              S1/{CASE}/v1/data/x.vcf.gz.c4gh
              S1/{CASE}/v1/manifest.json
              S1/{CASE}/v1/manifest.sig
  refused     the storage refused to delete 1 object:
              S1/{CASE}/v1/manifest.json
  withdrawn   2024-11-23 09:34 UTC, by the person
  manifest    SHA-256 {MANIFEST}

{OTHER_CASE}, version 1: made for it, not approved; not sent, and no hand-over is logged
  data        somatic variants, quality metrics
  decided     2024-11-23 09:33 UTC, decision RU 2026-77 of region-uppsala
              study S1, ethics approval 2026-01234-01, rule set se-2026-01
  manifest    SHA-256 {"c" * 64}"""


def states(log, organisation=KI):
    """What is said of each version in its first line."""
    lines = rows_text(what_got(log, organisation, PERSON), organisation, PERSON).splitlines()
    return [line.split(": ", 1)[1] for line in lines if line.startswith(CASE)]


def test_a_version_that_a_later_one_stands_for(log, key):
    later = uploaded(version=2, manifest_sha256="b" * 64)
    write(log, key, decided(), uploaded(), granted(), later)
    assert states(log) == ["sent, can be read", "sent, can be read"]
    write(log, key, superseded())
    assert states(log) == ["sent, superseded by version 2", "sent, can be read"]
    text = rows_text(what_got(log, KI, PERSON), KI, PERSON)
    assert "superseded  by version 2: no organisation can read these objects any longer" in text
    write(log, key, uploaded())
    assert states(log)[0] == "sent, can be read"  # sent once more, with its grants


def test_withdrawn_and_closed_is_not_removed(log, key):
    write(log, key, decided(), uploaded(), superseded(), withdrawn())
    assert states(log) == ["sent, WITHDRAWN BUT NOT REMOVED"]


def test_closed_in_one_of_two_buckets(log, key):
    write(log, key, decided(), uploaded(), uploaded(bucket="own"), superseded())
    assert states(log) == ["sent, can be read"]


def test_a_transfer_that_was_cut_off(log, key):
    write(log, key, decided(), approved(), upload_started())
    (sent,) = what_got(log, KI, PERSON)[0].sent
    assert (sent.confirmed, sent.objects, sent.bucket) == (False, (), "gmc-joint")
    text = rows_text(what_got(log, KI, PERSON), KI, PERSON)
    assert states(log) == ["transfer begun, not confirmed"]
    assert f"any of its objects may be there:\n              S1/{CASE}/v1/\n" in text
    assert text.startswith(f"{KI} got 0 versions") and what_got(log, UMEA, PERSON) == []
    write(log, key, uploaded())
    assert states(log) == ["sent, can be read"] and len(what_got(log, KI, PERSON)[0].sent) == 1


def test_a_transfer_begun_again(log, key):
    write(log, key, decided(), upload_started(), upload_started(), deleted())
    assert states(log) == ["transfer begun, not confirmed, removed since"]
    write(log, key, upload_started())
    assert states(log) == ["transfer begun, not confirmed"]
    write(log, key, uploaded(), upload_started())
    assert states(log) == ["sent, can be read"]  # what is begun again after that finds everything there
    write(log, key, superseded(), upload_started())
    assert len(what_got(log, KI, PERSON)[0].sent) == 2


def test_what_is_in_stores(log, key):
    own = uploaded(version=2, manifest_sha256="b" * 64, bucket="own", parties=[UMEA])
    write(
        log, key, decided(), uploaded(), superseded(), granted(), own, decided(package=OTHER_CASE), deleted(version=2)
    )
    joint, other = ("s3", ENDPOINT, "gmc-joint"), ("s3", ENDPOINT, "own")
    found = [(one.version, one.place, one.confirmed, one.superseded) for one in uploaded_versions(log, CASE)]
    assert found == [(1, joint, True, 2), (2, other, True, None)]
    assert uploaded_versions(log, CASE)[1].organisations == (UMEA,)
    write(log, key, deleted(), deleted(version=2, bucket="own"))
    assert uploaded_versions(log, CASE) == uploaded_versions(log, OTHER_CASE) == []
    write(log, key, upload_started())
    assert [one.confirmed for one in uploaded_versions(log, CASE)] == [False]


def test_made_for_a_party_but_not_sent(log, key):
    write(log, key, decided())
    unknown = "not sent, and no hand-over is logged"
    assert states(log) == [f"made for it, not approved; {unknown}"]
    write(log, key, approved())
    assert states(log) == [f"made for it; {unknown}"]


def test_handed_over_by_other_means(log, key):
    write(log, key, decided(), approved(), handed_over())
    assert states(log, LUND) == ["handed over"] and "no hand-over is logged" in states(log, KI)[0]
    text = rows_text(what_got(log, LUND, PERSON), LUND, PERSON)
    assert "  handed over 2024-11-20, outside this workflow" in text and text.startswith(f"{LUND} got 1 version of")
    write(log, key, uploaded())
    assert states(log, LUND) == ["sent, can be read; handed over"]


def test_text(log, key):
    refused = {**deleted(), "action": "refused_by_storage", "object": "manifest.json", "reason": "access_denied"}
    del refused["removed"]
    other = decided(package=OTHER_CASE, subjects=[PERSON, OTHER_PERSON], manifest_sha256="c" * 64)
    write(log, key, decided(), approved(), uploaded(), other, withdrawn(), refused)
    assert rows_text(what_got(log, KI, PERSON), KI, PERSON) == TEXT
    assert rows_text([], KI, PERSON).startswith(f"{KI} got nothing of {PERSON}")


STUDY = SimpleNamespace(
    id="S1",
    ethics_approval="2026-01234-01",
    disclosing_party="region-uppsala",
    disclosing_decision="RU 2026-77",
    retention_until=datetime.date(2027, 12, 31),
)
RECORD = {
    "package": CASE,
    "rule_set": "se-2026-01",
    "reasons": [],
    "members": [{"subject": PERSON}, {"subject": PERSON}],
    "left_out": [{"subject": OTHER_PERSON, "reason": "the consent to study S1 is withdrawn"}],
    "data_categories": ["somatic_variants"],
    "recipients": [KI],
    "refused_recipients": [{"party": UMEA, "reason": "the key is revoked"}],
}
CONTENT = {
    "package": CASE,
    "version": 1,
    "rule_set": "se-2026-01",
    "data_categories": ["somatic_variants"],
    "study": {
        "id": "S1",
        "ethics_approval": "2026-01234-01",
        "disclosing_party": "region-uppsala",
        "disclosing_decision": "RU 2026-77",
        "retention_until": "2027-12-31",
    },
    "readers": [{"party": "region-uppsala"}, {"party": KI}],
    "subjects": [{"pseudonym": PERSON}],
}
RECEIPT = {
    "endpoint": "https://localhost:8333",
    "bucket": "study",
    "prefix": f"S1/{CASE}/v1",
    "manifest_sha256": MANIFEST,
    "objects": [{"key": f"S1/{CASE}/v1/manifest.json"}, {"key": f"S1/{CASE}/v1/data/x.c4gh"}],
}


def test_entries_of_the_steps(log, key):
    """What the steps of the export hand over is what the log takes."""
    write(log, key, events.decided(RECORD, STUDY, 1, MANIFEST), events.approved(CONTENT, MANIFEST))
    write(log, key, events.uploaded(CONTENT, RECEIPT), events.granted({**CONTENT, "version": 2}, "b" * 64, 1))
    where = (RECEIPT["endpoint"], RECEIPT["bucket"])
    write(log, key, events.upload_started(CONTENT, MANIFEST, *where, RECEIPT["prefix"]))
    write(log, key, events.superseded({**CONTENT, "version": 2}, 1, ["manifest.json"], *where))
    write(log, key, events.handed_over(CONTENT, MANIFEST, KI, datetime.date(2024, 11, 20)))
    decision, _, upload, _, start, closed, handed = read_log(log)
    assert start["prefix"] == upload["prefix"] and (closed["version"], closed["by"]) == (1, 2)
    assert (handed["party"], handed["date"]) == (KI, "2024-11-20")
    assert (decision["decision"], decision["subjects"], decision["parties"]) == ("shared", [PERSON], [KI])
    assert decision["left_out"] == [{"subject": OTHER_PERSON, "reason": "consent_withdrawn"}]
    assert decision["refused_parties"] == [{"party": UMEA, "reason": "recipient_revoked"}]
    assert (upload["prefix"], upload["objects"]) == (f"S1/{CASE}/v1/", ["data/x.c4gh", "manifest.json"])
    assert [row.version for row in what_got(log, KI, PERSON)] == [1, 2]


def test_entry_of_a_refusal(log, key):
    stopped = ["an identifier was found in the package"]
    write(log, key, events.decided(RECORD, STUDY, stopped=stopped))
    (entry,) = read_log(log)
    assert (entry["decision"], entry["reasons"], entry["version"]) == ("refused", ["leak"], None)


@pytest.mark.parametrize(
    "text, word",
    [
        ("the index sample is left out: no consent to study S1 is recorded", "index_member_left_out"),
        ("no consent to study S1 is recorded, only to another study", "consent_other_study"),
        ("the subject withdrew from study S1 (audit log)", "withdrawn"),
        ("the purpose secondary_use is not lawful: no act (OSL 2009:400; rule set se-2026-01)", "not_permitted_by_law"),
        ("the key was valid until 2026-01-01", "recipient_expired"),
        ("the request does not accept IRB (ethics approval required)", "data_use"),
        ("tumour and normal are not from one person", "identity"),
        ("something that nobody foresaw", "other"),
    ],
)
def test_words_for_reasons(text, word):
    assert events.reason(text) == word
