import datetime
import json
import os

import pytest

from gms.base.errors import Problems
from gms.base.problems import Findings
from gms.base.schemas import load_schema
from gms.sharing.decision import keyfiles
from gms.sharing.decision.keyfiles import make_keys, read_public_encryption_key
from gms.sharing.decision.loading import check_sharing, load_sharing
from gms.sharing.decision.model import ORGANISATIONS
from gms.validation.demo_data import sharing as mini_sharing
from sharing_files import CONSENTS, CONTENT, changed, sharing_with, write_sharing

PERSONAL_NUMBER = "198507099805"  # invented; date and check digit are right


def problems(path):
    """(line, text) of everything wrong with the sharing file."""
    with pytest.raises(Problems) as raised:
        load_sharing(path)
    return [(problem.line, problem.text) for problem in raised.value.problems]


def texts(folder, *changes, **tables):
    return [text for _, text in problems(write_sharing(folder, changed(*changes), **tables))]


def test_a_complete_file(tmp_path):
    sharing = sharing_with(tmp_path)
    assert sharing.study.valid_until == datetime.date(2027, 12, 31)
    assert sharing.study.data_categories == set(CONTENT["study"]["data_categories"])
    assert [recipient.organisation for recipient in sharing.recipients] == ["uppsala-universitet", "lunds-universitet"]
    assert sharing.recipients[0].public_key == read_public_encryption_key(tmp_path / "keys" / "uu.c4gh.pub")
    assert sharing.signing_key == tmp_path / "keys" / "centre.signing.pem"
    assert sharing.audit == tmp_path / "audit.jsonl" and sharing.classifications is None
    assert sharing.individuals["p2"] == {"birth_date": "", "sampled": "2026-03-02", "disease": "", "disease_label": ""}


def test_paths_are_relative_to_the_file_and_become_absolute(tmp_path, monkeypatch):
    write_sharing(tmp_path)
    monkeypatch.chdir(tmp_path.parent)
    relative = (tmp_path / "sharing.yaml").relative_to(tmp_path.parent)
    assert load_sharing(relative).pseudonym_key == tmp_path / "keys" / "centre.pseudonym.key"


def test_an_empty_study_names_every_missing_field_at_once(tmp_path):
    (tmp_path / "sharing.yaml").write_text("# nothing yet\nstudy:\n")
    schema, found = load_schema("sharing"), problems(tmp_path / "sharing.yaml")
    missing = {text.split(" is missing: ")[0] for _, text in found}
    wanted = {f"study.{key}" for key in schema["properties"]["study"]["required"]}
    assert missing == wanted | set(schema["required"]) - {"study"}
    assert {line for line, text in found if text.startswith("study.")} == {2}


@pytest.mark.parametrize("key", load_schema("sharing")["properties"]["study"]["required"])
def test_each_field_of_the_study_is_needed(tmp_path, key):
    found = problems(write_sharing(tmp_path, changed((f"study.{key}", None))))
    assert [line for line, _ in found] == [1]
    assert found[0][1].startswith(f"study.{key} is missing: ")


def test_everything_wrong_is_told_with_its_line(tmp_path):
    content = changed(
        ("study.ethics_approval", "2026/123"),
        ("study.valid_from", "2028-01-01"),
        ("recipients.0.party", "region-upsala"),
        ("recipients.1.request", ["DS", "IRB"]),
        ("approvers", None),
    )
    path = write_sharing(tmp_path, content, consents=["p1\tS1\tyes\t2026-02-01"])
    lines = path.read_text().splitlines()
    os.chmod(tmp_path / "keys" / "centre.signing.pem", 0o640)
    found = problems(path)
    assert [text.split(" (")[0] for _, text in found] == [
        "approvers is missing: public keys",
        "study.ethics_approval '2026/123' must be written like 2026-01234-01",
        "study.valid_until is before study.valid_from",
        "unknown recipients[1].party 'region-upsala'",
        "recipients[2].request[1]: DUO term DS",
        "signing_key: the file keys/centre.signing.pem has mode 0640; it must be readable by its owner only",
        "unknown status 'yes'",
    ]
    assert "did you mean 'region-uppsala'?" in found[3][1]
    named = ["ethics_approval: ", "valid_until: '2027", "region-upsala", "- DS", "signing_key: "]
    assert [name in lines[line - 1] for name, (line, _) in zip(named, found[1:-1], strict=True)] == [True] * 5


@pytest.mark.parametrize("day", ["2027-02-30", "2027-13-01"])
def test_days_that_do_not_exist(tmp_path, day):
    path = write_sharing(tmp_path, changed(("study.valid_until", "@")))
    path.write_text(path.read_text().replace("'@'", day))  # not quoted, so that YAML takes it for a date
    assert [text for _, text in problems(path)] == [f"study.valid_until '{day}' is not a date of the calendar"]


def test_dates_need_no_quotes(tmp_path):
    path = write_sharing(tmp_path)
    path.write_text(path.read_text().replace("'", ""))
    assert "valid_from: 2026-01-01\n" in path.read_text()
    assert load_sharing(path).study.valid_from == datetime.date(2026, 1, 1)


def test_retention_ends_after_the_approval(tmp_path):
    assert texts(tmp_path, ("study.retention_until", "2027-12-30")) == [
        "study.retention_until is before study.valid_until"
    ]


def test_reads_hold_germline_variants(tmp_path):
    (text,) = texts(tmp_path, ("study.data_categories", ["somatic_variants", "reads"]))
    assert text.endswith("reads reveal germline variants; add germline_variants or omit reads")


def test_the_parties_are_a_closed_list(tmp_path):
    assert load_schema("sharing")["$defs"]["party"]["enum"] == list(ORGANISATIONS)
    store = load_schema("config")["properties"]["export"]["properties"]["s3"]["properties"]
    assert store["grants"]["propertyNames"]["enum"] == list(ORGANISATIONS)
    assert (
        len(
            [
                organisation
                for organisation in ORGANISATIONS
                if organisation.endswith("universitet") or organisation == "karolinska-institutet"
            ]
        )
        == 7
    )
    assert len(ORGANISATIONS) == 14
    (text,) = texts(tmp_path, ("recipients.0.party", "example-hospital"))
    assert text.startswith("unknown recipients[1].party 'example-hospital' (known: goteborgs-universitet, ")
    (text,) = texts(tmp_path, ("study.disclosing_party", "example-hospital"))
    assert text.startswith("unknown study.disclosing_party 'example-hospital'")


def test_key_files(tmp_path):
    found = texts(
        tmp_path,
        ("pseudonym_key", "none.key"),
        ("encryption_key", "keys"),
        ("approvers", ["keys/approver.signing.pem", "none.pem"]),
        ("recipients.0.public_key", "keys/uu.c4gh.sec"),
        ("recipients.1.public_key", "none.pub"),
        ("portal_table", "none.xlsx"),
        ("audit", "none/audit.jsonl"),
    )
    wanted = [
        "pseudonym_key: the file none.key does not exist; make keys with ./gms export keys",
        "encryption_key: the file keys is not a regular file",
        "approvers[1]: the file keys/approver.signing.pem is not a public Ed25519 key",
        "approvers[2]: the file none.pem does not exist",
        "recipients[1].public_key: ",
        "recipients[2].public_key: ",
        "portal_table: the file none.xlsx does not exist",
        "audit: the file none/audit.jsonl cannot be written",
    ]
    assert sorted(text[: len(want)] for text, want in zip(sorted(found), sorted(wanted), strict=True)) == sorted(wanted)
    secret = (tmp_path / "keys" / "uu.c4gh.sec").read_text().splitlines()[1]
    assert secret not in "\n".join(found)


def test_secrets_are_not_read(tmp_path):
    write_sharing(tmp_path)
    for name in ("centre.pseudonym.key", "centre.signing.pem", "centre.c4gh.sec"):
        (tmp_path / "keys" / name).write_text("")  # keeps the mode
    assert load_sharing(tmp_path / "sharing.yaml")


def test_one_key_is_of_one_party(tmp_path):
    assert texts(tmp_path, ("recipients.1.public_key", "keys/uu.c4gh.pub")) == [
        "recipients[2].public_key is also the key of uppsala-universitet"
    ]


def test_a_party_is_named_once(tmp_path):
    assert texts(tmp_path, ("recipients.1.party", "uppsala-universitet")) == [
        "recipients[2].party is listed twice; an organisation has one key"
    ]
    assert texts(tmp_path, ("recipients.1.party", "region-uppsala")) == [
        "recipients[2].party is the disclosing party, which can read its packages anyway"
    ]


def test_a_file_out_of_date_loads(tmp_path):
    """Whoever withdraws after the study's end must still be able to."""
    old = [
        ("study.valid_from", "2020-01-01"),
        ("study.valid_until", "2021-01-01"),
        ("study.retention_until", "2022-01-01"),
    ]
    assert sharing_with(tmp_path, *old).study.retention_until == datetime.date(2022, 1, 1)


def test_personal_numbers_are_refused_and_not_echoed(tmp_path):
    found = texts(
        tmp_path,
        ("study.responsible", f"N N {PERSONAL_NUMBER}"),
        consents=[f"{PERSONAL_NUMBER}\tS1\tgranted\t2026-02-01"],
        individuals=[f"{PERSONAL_NUMBER}\t\t\t\t"],
    )
    assert [text.split(";")[0] for text in found] == [
        "study.responsible contains a personal number, which is not allowed here",
        "contains a personal number",
        "contains a personal number",
    ]
    assert PERSONAL_NUMBER not in json.dumps(found)


@pytest.mark.parametrize(
    "row, text",
    [
        ("p1\tS1\tgranted", "must give subject, study, status, date"),
        ("p1\tS1\t\t2026-01-01", "must give subject, study, status, date"),
        ("p1\tS1\tgranted\t20260101", "date '20260101' must be written YYYY-MM-DD"),
        ("p1\tS1\tgranted\t2026-02-30", "date '2026-02-30' must be written YYYY-MM-DD"),
    ],
)
def test_consent_rows(tmp_path, row, text):
    assert texts(tmp_path, consents=["p2\tS1\tgranted\t2026-01-01", row]) == [text]


@pytest.mark.parametrize(
    "row, text",
    [
        ("p2\t1970-01-01\t\t", "must give subject, birth_date, sampled, disease, disease_label"),
        ("\t1970-01-01\t\t\t", "must give the subject"),
        ("p2\t70-01-01\t\t\t", "birth_date '70-01-01' must be written YYYY-MM-DD"),
        ("p2\t1970-01-02\t1970-01-01\t\t", "the sample was taken before the birth"),
        ("p2\t\t\tbreast cancer\tbreast cancer", "disease 'breast cancer' must be the id of an ontology term"),
        ("p2\t\t\tMONDO:0007254\t", "disease and disease_label belong together: give both or none"),
        ("p1\t\t\t\t", "is a second row of the subject"),
    ],
)
def test_individual_rows(tmp_path, row, text):
    (found,) = texts(tmp_path, individuals=["p1\t\t\t\t", row])
    assert found.startswith(text)


def test_wrong_columns(tmp_path):
    path = write_sharing(tmp_path)
    (tmp_path / "consents.tsv").write_text("subject,study\n")
    assert problems(path) == [(1, "the columns must be subject, study, status, date, separated by tabs")]


def test_the_check_before_a_run(tmp_path):
    class Run:
        sharing = write_sharing(tmp_path, changed(("data_use", ["HMB", "GRU"])))

    check_sharing(Run, findings := Findings())
    assert [problem.text for problem in findings.problems] == [
        "data_use must have one of NRES, GRU, HMB, DS, POA, not GRU and HMB"
    ]
    Run.sharing = None
    check_sharing(Run, findings := Findings())
    assert findings.problems == []


def test_every_key_is_described():
    schema = load_schema("sharing")
    study, recipient = schema["properties"]["study"], schema["properties"]["recipients"]["items"]
    for key, rule in {**schema["properties"], **study["properties"], **recipient["properties"]}.items():
        assert rule.get("description"), key
    assert set(CONTENT) >= set(schema["required"])


def test_former_keys(tmp_path):
    write_sharing(tmp_path)
    make_keys(tmp_path / "keys", "before")
    former = [{"key": "keys/before.signing.pub.pem", "until": "2026-06-30"}]
    sharing = sharing_with(tmp_path, ("former_keys", former))
    assert sharing.former_keys == ((tmp_path / "keys" / "before.signing.pub.pem", datetime.date(2026, 6, 30)),)
    assert sharing.former_keys[0][0] not in sharing.approvers
    assert sharing_with(tmp_path).former_keys == ()


def test_former_keys_are_keys_that_nobody_uses_any_more(tmp_path):
    names = ("centre", "approver", "none")
    found = texts(
        tmp_path, ("former_keys", [{"key": f"keys/{name}.signing.pub.pem", "until": "2026-06-31"} for name in names])
    )
    assert [text for text in found if "is still in use" in text] == [
        "former_keys[1].key is still in use (signing_key); list it once another key has replaced it",
        "former_keys[2].key is still in use (approvers[1]); list it once another key has replaced it",
    ]
    assert "former_keys[3].key: the file keys/none.signing.pub.pem does not exist" in found
    assert sum("'2026-06-31' is not a date of the calendar" in text for text in found) == 3
    (text,) = texts(tmp_path, ("former_keys", [{"key": "keys/uu.signing.pub.pem"}]))
    assert text.startswith("former_keys[1].until is missing: last day (UTC)")


def test_a_second_person_approves(tmp_path):
    assert texts(tmp_path, ("approvers", ["keys/approver.signing.pub.pem", "keys/centre.signing.pub.pem"])) == [
        "approvers[2] is the centre's own key (signing_key); a second person approves, with another key"
    ]


@pytest.mark.parametrize("text", ["#17", "RU-2026-17 (signed)", "R" * 81, "-1"])
def test_the_decision_has_a_form_that_the_audit_log_takes(tmp_path, text):
    (found,) = texts(tmp_path, ("study.disclosing_decision", text))
    assert found.startswith(f"study.disclosing_decision '{text}' must begin with a letter (A-Z) or digit and hold")
    audit = load_schema("audit")["$defs"]["name"]["pattern"]
    assert load_schema("sharing")["properties"]["study"]["properties"]["disclosing_decision"]["pattern"] == audit


@pytest.mark.parametrize("text", ["-S1", "S" * 81])
def test_the_study_has_an_id_that_the_audit_log_takes(tmp_path, text):
    (found,) = texts(tmp_path, ("study.id", text), consents=[])
    assert found.startswith(f"study.id '{text}' may only contain letters, digits and '-', at most 80")


def test_an_auditor_needs_not_write_the_log(tmp_path):
    path = write_sharing(tmp_path, changed(("audit", "none/audit.jsonl")))
    assert load_sharing(path, with_secrets=False).audit == tmp_path / "none" / "audit.jsonl"
    assert [text for _, text in problems(path)] == ["audit: the file none/audit.jsonl cannot be written"]


DEMO = {
    "pseudonym_key": "centre.pseudonym.key",
    "signing_key": "centre.signing.pem",
    "encryption_key": "centre.c4gh.sec",
    "recipients.0.public_key": "region-skane.c4gh.pub",
    "approvers.0": "approver.signing.pub.pem",
}


@pytest.mark.parametrize("place, name", DEMO.items())
def test_the_keys_of_the_miniature_data_set_are_for_it_alone(tmp_path, place, name):
    (tmp_path / "mini").mkdir()
    mini_sharing.write_sharing(tmp_path / "mini")
    content = changed((place, f"mini/keys/{name}"))
    (text,) = texts(tmp_path, (place, f"mini/keys/{name}"))
    assert f"the file mini/keys/{name} is a key of the miniature data set, which is public" in text
    content["study"]["id"] = mini_sharing.STUDY
    consents = [row.replace("S1", mini_sharing.STUDY) for row in CONSENTS]
    assert load_sharing(write_sharing(tmp_path, content, consents=consents))


def test_all_keys_of_the_miniature_data_set_are_listed(tmp_path):
    mini_sharing.write_sharing(tmp_path)
    rows = [
        f"{path.name}\t{keyfiles.key_file_digest(path.read_bytes())}" for path in sorted((tmp_path / "keys").iterdir())
    ]
    assert keyfiles.DEMO_KEYS.read_text().splitlines() == ["key\tsha256", *rows]
    assert keyfiles.DEMO_STUDY == mini_sharing.STUDY and len(rows) == 20
