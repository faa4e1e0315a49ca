import datetime

import pytest

from gms.errors import Problems
from gms.sharing import load_sharing

STUDY = "study: {id: S1, title: A study, ethics_approval: 2026-00001-01}\nconsents: consents.tsv\n"
TODAY = datetime.date(2026, 11, 23)


def write(folder, *rows):
    (folder / "sharing.yaml").write_text(STUDY)
    (folder / "consents.tsv").write_text("\n".join(["subject\tstudy\tstatus\tdate", *map("\t".join, rows)]) + "\n")
    return folder / "sharing.yaml"


def test_the_latest_status_counts(tmp_path):
    path = write(
        tmp_path,
        ("p1", "S1", "withdrawn", "2026-03-01"),
        ("p1", "S1", "granted", "2026-01-01"),
        ("p2", "S1", "granted", "2026-01-01"),
        ("p2", "S1", "expired", "2027-01-01"),
        ("p3", "S2", "granted", "2026-01-01"),
        ("p4", "S1", "granted", "2027-01-01"),
        ("p5", "S1", "withdrawn", "2026-01-01"),
        ("p5", "S1", "granted", "2026-01-01"),
    )
    sharing = load_sharing(path)
    said = {subject: sharing.consent(subject, TODAY) for subject in ("p1", "p2", "p3", "p4", "p5", "p6")}
    assert said == {"p1": "withdrawn", "p2": "granted", "p3": None, "p4": None, "p5": "withdrawn", "p6": None}
    assert sharing.study.id == "S1"


def test_wrong_columns(tmp_path):
    path = write(tmp_path)
    (tmp_path / "consents.tsv").write_text("subject,study\n")
    with pytest.raises(Problems, match="the columns must be subject, study, status, date, separated by tabs"):
        load_sharing(path)
