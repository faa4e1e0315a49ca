"""Matches and cohort decisions that are handed over: in the audit log by digest, without names of cases."""

import pytest
import yaml

import sharing_files
from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.commands.trials.handing_over import KINDS, NoDocument, hand_over_documents
from gms.sharing.audit.log import read_log
from gms.sharing.audit.verification import verify_log
from gms.sharing.export.deciding import load_centre, log_trust
from gms.sharing.export.settings import export_settings


@pytest.fixture
def configfile(tmp_path):
    sharing_files.write_sharing(tmp_path)
    config = {"samples": "samples.tsv", "reference": {"name": "x", "fasta": "x.fa"}, "sharing": "sharing.yaml"}
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(config))
    return tmp_path / "run.yaml"


def log_of(configfile):
    settings = export_settings(configfile)
    return load_centre(settings.sharing, settings.packages).sharing


@pytest.mark.parametrize("kind", KINDS)
def test_each_document_is_an_entry_with_its_digest(configfile, kind):
    paths = [configfile.with_name(f"case-{number}.json") for number in (1, 2)]
    for path in paths:
        path.write_text(f'{{"case": "{path.stem}"}}')
    said = list(hand_over_documents(configfile, paths, kind, "region-uppsala"))
    assert said == [f"noted: {path.name} handed over to region-uppsala" for path in paths]
    sharing = log_of(configfile)
    entries = read_log(sharing.audit)
    assert [(entry["action"], entry["kind"], entry["sha256"]) for entry in entries] == [
        ("document_handed_over", kind, sha256(path)) for path in paths
    ]
    assert "case-1" not in sharing.audit.read_text()
    assert verify_log(sharing.audit, log_trust(sharing), []) == []


def test_nothing_is_noted_of_documents_of_which_one_is_missing(configfile):
    present = configfile.with_name("a.json")
    present.touch()
    with pytest.raises(NoDocument, match="nothing was noted"):
        list(
            hand_over_documents(configfile, [present, configfile.with_name("b.json")], "trial_match", "region-uppsala")
        )
    assert not log_of(configfile).audit.exists()


def test_a_party_with_a_personal_number_is_refused(configfile):
    path = configfile.with_name("a.json")
    path.touch()
    with pytest.raises(GmsError):
        list(hand_over_documents(configfile, [path], "trial_match", "19121212-1212"))
