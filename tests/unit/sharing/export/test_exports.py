import datetime
import io
from types import SimpleNamespace

import pytest

import sharing_files
from gms.base.errors import GmsError
from gms.base.json_tables import write_json
from gms.commands.sharing import export
from gms.inputs.run_model import Case, Sample
from gms.sharing.decision.model import shared_case
from gms.sharing.decision.pseudonyms import load_pseudonyms
from gms.sharing.export import auditing
from gms.sharing.export.cases import SheetCases, approved_cases, case_digest, export_params, results_of
from gms.sharing.export.cases import sharing_files as files_of
from gms.sharing.export.deciding import load_centre
from gms.sharing.export.release import no_longer_shared, refused_readers, release_by
from gms.sharing.export.settings import export_settings
from gms.sharing.package.keys import encryption_fingerprint

TODAY = datetime.date(2026, 11, 23)


def case(*samples):
    made = (Sample(name, "F1", role, "wgs_rare", "male", "yes", None, "", "p1", ()) for name, role in samples)
    return Case("F1", "wgs_rare", tuple(made))


@pytest.fixture
def centre(tmp_path):
    """Loads the centre of a sharing file with changes."""

    def load(*changes, **tables):
        path = sharing_files.write_sharing(tmp_path, sharing_files.changed(*changes), **tables)
        return load_centre(path, tmp_path / "export" / "folder")

    return load


def manifest(centre, **changes):
    """What the checks read of a package that was made for both recipients."""
    recipients = centre.sharing.recipients
    readers = [{"party": one.organisation, "key": encryption_fingerprint(one.public_key)} for one in recipients]
    content = {
        "study": {"id": "S1"},
        "subjects": [{"pseudonym": centre.pseudonyms.subject("p1")}],
        "data_categories": ["germline_variants"],
        "readers": [{"party": "region-uppsala", "key": "0" * 64}, *readers],
    }
    return content | changes


@pytest.fixture
def cases(tmp_path):
    """The sheet's cases, as they were when it was decided on F1."""
    now = SheetCases({"F1": shared_case(export_params(case(("P1", "proband")), "germline"))}, tmp_path)
    now.packages.mkdir(parents=True)
    digest = case_digest(now.by_name["F1"], results_of(now.by_name["F1"], tmp_path))
    write_json(now.packages / "F1.json", {"case_digest": digest})
    return now


def test_facts_go_to_the_script_and_come_back():
    facts = export_params(case(("P1", "proband"), ("M1", "mother")), "germline")
    back = shared_case(facts)
    assert (back.case, back.assay, back.kind) == ("F1", "wgs_rare", "germline")
    assert [(member.sample, member.role, member.subject) for member in back.members] == [
        ("P1", "proband", "p1"),
        ("M1", "mother", "p1"),
    ]


def test_results_are_found_by_case_and_sample(tmp_path):
    results = results_of(shared_case(export_params(case(("P1", "proband")), "germline")), tmp_path)
    assert results.crams == {"P1": tmp_path / "alignment" / "P1.cram"}
    assert results.case_quality == tmp_path / "qc" / "F1.case.json"


def test_a_decision_rests_on_tables_and_recipients_keys_but_on_no_secret(tmp_path):
    path = sharing_files.write_sharing(tmp_path)
    names = {str(file.relative_to(tmp_path)) for file in files_of(path)}
    assert names == {"sharing.yaml", "consents.tsv", "individuals.tsv", "keys/uu.c4gh.pub", "keys/lu.c4gh.pub"}
    assert files_of(None) == files_of(tmp_path / "absent.yaml") == []


def test_only_approved_cases_are_transferred(tmp_path):
    for name in ("F1", "F2"):
        (tmp_path / "export" / "folder" / name).mkdir(parents=True)
    (tmp_path / "export" / "folder" / "F2" / "approval.json").touch()
    assert approved_cases(tmp_path, ["F1", "F2", "F3"]) == ["F2"]


def test_what_is_shared_today_may_be_transferred(centre, cases):
    made = centre()
    assert list(no_longer_shared(made.packages / "F1", manifest(made), release_by(made, TODAY, cases))) == []
    assert refused_readers(manifest(made), made.sharing, TODAY) == []


@pytest.mark.parametrize(
    ("changes", "consents", "on", "said"),
    [
        (
            (),
            ["p1\tS1\tgranted\t2026-02-01", "p1\tS1\twithdrawn\t2026-11-23"],
            TODAY,
            "consent to study S1 is withdrawn",
        ),
        ((), ["p2\tS1\tgranted\t2026-02-01"], TODAY, "no consent to study S1 is recorded"),
        ((), sharing_files.CONSENTS, datetime.date(2028, 1, 1), "is valid from 2026-01-01 until 2027-12-31"),
        ((("study.purpose", "secondary_use"),), sharing_files.CONSENTS, TODAY, "secondary_use is not lawful"),
        (
            (("study.data_categories", ["somatic_variants"]),),
            sharing_files.CONSENTS,
            TODAY,
            "no longer include germline_variants",
        ),
        ((("study.id", "S2"),), ["p1\tS2\tgranted\t2026-02-01"], TODAY, "it was made for study S1"),
    ],
)
def test_what_is_no_longer_shared_is_not_transferred(centre, cases, changes, consents, on, said):
    made = centre(*changes, consents=consents)
    reasons = list(no_longer_shared(made.packages / "F1", manifest(made), release_by(made, on, cases)))
    assert any(said in reason for reason in reasons), reasons


def test_readers_whose_key_is_revoked_expired_or_another_are_refused(centre):
    before = manifest(centre())
    revoked = centre(("recipients.1.revoked", True))
    assert refused_readers(before, revoked.sharing, TODAY) == ["lunds-universitet: the key is revoked"]
    assert len(refused_readers(before, revoked.sharing, datetime.date(2027, 7, 1))) == 2
    other = centre(("recipients.1.public_key", "keys/centre.c4gh.pub"))
    assert "no longer a recipient with this key" in refused_readers(before, other.sharing, TODAY)[0]


def test_settings_lead_to_the_sharing_file_packages_and_store(tmp_path):
    config = "samples: samples.tsv\nreference: {name: GRCh38, fasta: genome.fa}\nresults: out\n"
    (tmp_path / "run.yaml").write_text(f"{config}sharing: sharing.yaml\n")
    settings = export_settings(tmp_path / "run.yaml")
    assert (settings.sharing, settings.packages) == (tmp_path / "sharing.yaml", tmp_path / "out" / "export" / "folder")
    with pytest.raises(GmsError, match="no store is configured"):
        settings.store()
    (tmp_path / "run.yaml").write_text(config)
    with pytest.raises(GmsError, match="names no sharing file"):
        export_settings(tmp_path / "run.yaml")
    (tmp_path / "run.yaml").write_text(f"{config}sharing: 5\nexport: 7\n")
    with pytest.raises(GmsError, match="sharing must be text"):
        export_settings(tmp_path / "run.yaml")


@pytest.mark.parametrize(
    "rows, said",
    [
        (["p1\tS1\tgranted\t2026-02-01"], "still says granted. Add this row"),
        (["p1\tS1\tgranted\t2026-02-01", "p1\tS1\texpired\t2026-03-01"], "still says expired. Add this row"),
        (["p1\tS1\tgranted\t2026-02-01", "p1\tS1\twithdrawn\t2026-02-01"], "has the withdrawal too"),
    ],
)
def test_what_the_consents_table_lacks_of_a_withdrawal(centre, rows, said):
    """A consent that expired can be given anew; one that was withdrawn stays so in run folders without this log."""
    made = centre(consents=rows)
    log = SimpleNamespace(sharing=made.sharing)
    assert said in auditing._Log.row_for_the_table(log, made.pseudonyms.subject("p1"))


def test_a_centre_shows_no_key(centre):
    made = centre()
    assert made.encryption.hex() not in repr(made) and repr(made.encryption) not in repr(made)


def test_a_subject_is_asked_for_and_its_pseudonym_told(tmp_path, monkeypatch, capsys):
    sharing_files.write_sharing(tmp_path)
    config = "samples: samples.tsv\nreference: {name: GRCh38, fasta: genome.fa}\nsharing: sharing.yaml\n"
    (tmp_path / "run.yaml").write_text(config)
    monkeypatch.setattr("sys.stdin", io.StringIO("p1\n"))
    export.main(["pseudonym", "-C", str(tmp_path / "run.yaml")])
    names = load_pseudonyms(tmp_path / "keys" / "centre.pseudonym.key", "S1")
    assert capsys.readouterr().out == f"{names.subject('p1')}\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("p9\n"))
    with pytest.raises(GmsError, match="no such subject") as caught:
        export.main(["pseudonym", "-C", str(tmp_path / "run.yaml")])
    assert "p9" not in str(caught.value)
