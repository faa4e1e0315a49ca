"""What may be released at the moment of the release, and that a confirmation is of what was shown."""

import datetime
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

import packages
import sharing_files
from gms.base.json_tables import write_json
from gms.sharing.decision.decisions import decide
from gms.sharing.decision.identity import Identity
from gms.sharing.decision.keyfiles import make_keys
from gms.sharing.decision.model import Member, SharedCase
from gms.sharing.export import approving, folder, release
from gms.sharing.export.approving import approve_packages, packages_digest
from gms.sharing.export.cases import SheetCases, case_digest, results_of
from gms.sharing.export.confirmation import NotWhatWasShown, digest_of, require_confirmed
from gms.sharing.export.deciding import load_centre
from gms.sharing.export.planning import planned, prepare
from gms.sharing.export.release import no_longer_shared, release_by_approver, rests_on
from gms.sharing.package.approval import approve
from gms.sharing.package.keys import load_private, load_public
from gms.sharing.package.manifest import canonical, read_manifest

TODAY = datetime.date(2026, 11, 23)
CASE = SharedCase("F1", "wgs_rare", "germline", (Member("P1", "proband", "male", "yes", "p1"),))
WITHDRAWN = "p1\tS1\twithdrawn\t2026-11-01"


@pytest.fixture
def package(tmp_path):
    """A package's place; the decision next to it rests on the sharing file as it is now."""
    path = sharing_files.write_sharing(tmp_path)
    package = tmp_path / "export" / "folder" / "F1"
    package.parent.mkdir(parents=True)
    (tmp_path / "qc").mkdir()
    (tmp_path / "qc" / "F1.case.json").write_text("{}")
    (tmp_path / "qc" / "P1.qc.json").write_text("{}")
    rests = {"rests_on": rests_on(path), "case_digest": case_digest(CASE, results_of(CASE, tmp_path))}
    write_json(package.with_name("F1.json"), {"decision": "shared", **rests})
    return package


def manifest(centre):
    return {
        "study": {"id": "S1"},
        "subjects": [{"pseudonym": centre.pseudonyms.subject("p1")}],
        "data_categories": ["germline_variants"],
    }


def reasons(package, tmp_path, secret, *sheet):
    """What an approver sees who may, or may not, read the pseudonym key; `sheet` are the cases it has now."""
    cases = SheetCases({case.case: case for case in sheet or [CASE]}, tmp_path)
    centre = load_centre(tmp_path / "sharing.yaml", package.parent)
    release = release_by_approver(centre.sharing, package.parent, TODAY, cases)
    if secret:
        centre.sharing.pseudonym_key.chmod(0o644)  # not usable as a secret, as if it were another user's
        release = release_by_approver(centre.sharing, package.parent, TODAY, cases)
        centre.sharing.pseudonym_key.chmod(0o600)
    return list(no_longer_shared(package, manifest(centre), release))


@pytest.mark.parametrize("secret", [False, True])
def test_an_approver_releases_what_was_decided(package, tmp_path, secret):
    assert reasons(package, tmp_path, secret) == []


@pytest.mark.parametrize("secret", [False, True])
def test_a_correction_of_the_sheet_stops_what_was_decided_before(package, tmp_path, secret):
    """The sample turns out to be of another person, or to have another sex."""
    for member in (Member("P1", "proband", "male", "yes", "p2"), Member("P1", "proband", "female", "yes", "p1")):
        [reason] = reasons(package, tmp_path, secret, replace(CASE, members=(member,)))
        assert "the rows of its case in the sample sheet, or its quality control, were changed" in reason


@pytest.mark.parametrize("name", ["F1.case.json", "P1.qc.json"])
def test_quality_control_that_changed_stops_what_was_decided_before(package, tmp_path, name):
    (tmp_path / "qc" / name).write_text('{"verdict": "fail"}')
    assert any("quality control, were changed" in reason for reason in reasons(package, tmp_path, secret=False))


@pytest.mark.parametrize("name", ["F1.case.json", "P1.qc.json"])
def test_quality_control_that_cannot_be_read_is_named(package, tmp_path, name):
    """As for an approver who may not read the results; nothing is known to have changed."""
    (tmp_path / "qc" / name).unlink()
    assert reasons(package, tmp_path, False) == [f"qc/{name}, of its case, is missing or cannot be read by this user"]


@pytest.mark.parametrize("content", [None, {"decision": "shared"}])
def test_a_package_without_the_digest_of_its_case_is_decided_anew(package, tmp_path, content):
    """The record of the decision is gone, or an earlier version wrote it."""
    record = package.with_name("F1.json")
    write_json(record, content) if content else record.unlink()
    (reason,) = reasons(package, tmp_path, False)
    assert "the record of its decision" in reason and "earlier version" in reason and "changed" not in reason


def test_a_case_that_the_sheet_no_longer_has_is_not_released(package, tmp_path):
    said = reasons(package, tmp_path, False, replace(CASE, case="F2"))
    assert said == ["the sample sheet no longer has its case"]


def test_a_withdrawal_in_the_table_stops_an_approver_who_can_read_the_key(package, tmp_path):
    (tmp_path / "consents.tsv").open("a").write(f"{WITHDRAWN}\n")
    assert any("the consent to study S1 is withdrawn" in reason for reason in reasons(package, tmp_path, secret=False))


def test_any_change_stops_an_approver_who_cannot_tell_whom_it_is_about(package, tmp_path):
    (tmp_path / "consents.tsv").open("a").write(f"{WITHDRAWN}\n")
    assert any("must decide again" in reason for reason in reasons(package, tmp_path, secret=True))
    package.with_name("F1.json").unlink()
    assert any("must decide again" in reason for reason in reasons(package, tmp_path, secret=True))


def test_a_confirmation_is_the_digest_of_what_was_shown_or_its_beginning():
    digest = digest_of("version 1, 3 readers")
    require_confirmed(digest, digest)
    require_confirmed(digest[:12], digest)
    for given in (digest_of("version 2, 4 readers"), digest[:11], "", "yes", digest.upper()):
        with pytest.raises(NotWhatWasShown, match="Nothing was done"):
            require_confirmed(given, digest)


def test_a_version_that_the_approver_did_not_see_is_not_approved(tmp_path):
    """Another version takes the package's place between the two commands."""
    made = packages.make_package(tmp_path / "made", approved=False)
    shown = packages_digest([made])
    (made / "manifest.json").write_bytes((made / "manifest.json").read_bytes() + b"\n")
    with pytest.raises(NotWhatWasShown, match="what would be done has changed"):
        list(approve_packages([made], tmp_path / "run.yaml", tmp_path / "anna.signing.pem", lambda: TODAY, shown))
    assert not (made / "approval.json").exists()


def test_a_consent_withdrawn_on_the_day_that_began_meanwhile_counts(tmp_path, monkeypatch):
    """Decided before midnight; the package is ready after it."""
    today = datetime.date.today()
    days = ("study.valid_until", "study.retention_until", "recipients.0.valid_until")
    content = sharing_files.changed(*((key, "2099-12-31") for key in days))
    sharing_files.write_sharing(tmp_path, content, [*sharing_files.CONSENTS, f"p1\tS1\twithdrawn\t{today}"])
    centre = load_centre(tmp_path / "sharing.yaml", tmp_path / "export" / "folder")

    def decide_case(case, results, centre, on):
        facts = {"verdict": "pass", "identity": Identity((), ()), "withdrawn": ()}
        return decide(case, centre.sharing, pseudonyms=centre.pseudonyms, on=on, **facts)

    monkeypatch.setattr(folder, "decide_case", decide_case)
    decision = decide_case(CASE, None, centre, today - datetime.timedelta(1))
    assert decision.allowed
    with pytest.raises(folder.DecidedOtherwise, match="the day changed"):
        folder._decide_again(centre.packages / "F1", None, centre, decision)


def test_each_package_is_decided_on_as_the_tables_are_then(tmp_path, monkeypatch):
    """A consent that is withdrawn while the first package is verified counts for the second."""
    made = [packages.make_package(tmp_path / name) for name in ("one", "two")]
    days = iter([TODAY, TODAY + datetime.timedelta(1)])  # midnight passes while the first one is verified
    loads = []
    monkeypatch.setattr(approving, "_release", lambda _, on: loads.append(on) or len(loads))
    monkeypatch.setattr(approving, "_approve", lambda package, shown, release, key: release)
    digest = packages_digest(made)
    assert [found for _, found in approve_packages(made, tmp_path, tmp_path, lambda: next(days), digest)] == [1, 2]
    assert loads == [TODAY, TODAY + datetime.timedelta(1)]


@pytest.mark.parametrize("approved", [False, True])
def test_only_an_approved_package_is_handed_over(tmp_path, monkeypatch, approved):
    make_keys(tmp_path, "anna")
    package, key = packages.make_package(tmp_path / "made"), tmp_path / "anna.signing.pub.pem"
    if approved:
        approve(package, load_private(tmp_path / "anna.signing.pem"), [load_public(key)], packages.SENDER, TODAY)
    for name in ("handover_entry", "require_releasable", "release_by", "log_trust"):
        monkeypatch.setattr(release, name, lambda *words, **more: {"action": "handed_over"})
    logged = []
    centre = SimpleNamespace(sharing=SimpleNamespace(approvers=[key]), log=logged.append)
    if not approved:
        with pytest.raises(release.NotCurrent, match="the package is not approved"):
            release.hand_over(package, "uppsala-universitet", centre, None, TODAY)
    else:
        release.hand_over(package, "uppsala-universitet", centre, None, TODAY)
    assert len(logged) == approved


@pytest.fixture
def without_case(tmp_path):
    """A run whose sheet has F2, which is not finished, and a package of p1's, whose case F1 it no longer has."""
    sharing = sharing_files.write_sharing(tmp_path)
    rows = "case\tsample\trole\tassay\tfastq_1\tfastq_2\nF2\tP2\tproband\twgs_rare\ta_R1.fastq.gz\ta_R2.fastq.gz\n"
    (tmp_path / "samples.tsv").write_text(rows)
    config = "samples: samples.tsv\nreference: {name: GRCh38, fasta: genome.fa}\nsharing: sharing.yaml\n"
    (tmp_path / "run.yaml").write_text(config)
    package = tmp_path / "results" / "export" / "folder" / "F1"
    package.parent.mkdir(parents=True)
    packages.make_package(tmp_path / "made").rename(package)
    content = read_manifest(package)
    subject = load_centre(sharing, package.parent).pseudonyms.subject("p1")
    content["subjects"] = [one | {"pseudonym": subject} for one in content["subjects"]]
    (package / "manifest.json").write_bytes(canonical(content))
    return package


def test_a_package_of_no_case_is_named_and_kept_while_its_person_consents(without_case, tmp_path):
    said = "\n".join(planned(tmp_path / "run.yaml", TODAY))
    assert "F1: NOT shared, but its package is there\n  because the sample sheet no longer has its case" in said
    done = list(prepare(tmp_path / "run.yaml", [], TODAY))
    assert done[-1] == "F1: kept, but not released, because the sample sheet no longer has its case"
    assert (without_case / "manifest.json").exists()


def test_a_package_of_no_case_is_removed_when_its_person_withdraws(without_case, tmp_path):
    (tmp_path / "consents.tsv").open("a").write(f"{WITHDRAWN}\n")
    said = "\n".join(planned(tmp_path / "run.yaml", TODAY))
    assert "the consent to study S1 is withdrawn" in said and without_case.exists()
    [_, done] = prepare(tmp_path / "run.yaml", [], TODAY)
    assert done.startswith("F1: removed, because ") and not without_case.exists()
    entry = json.loads((tmp_path / "audit.jsonl").read_text().splitlines()[-1])
    assert (entry["decision"], entry["reasons"]) == ("refused", ["consent_withdrawn"])
