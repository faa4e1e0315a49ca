"""What is handed over: a pair of files for each region and laboratory, only samples that passed, nothing internal."""

import csv
import datetime

import pytest
import yaml

from gms.base.project import PROJECT
from gms.sharing.leak_patterns.findings import LeakFound
from gms.validation.demo_genome.bgzf import gzip_bytes
from gms.viral.handover.folder import NO_HUMAN, Files, hand_over
from gms.viral.handover.laboratory import Entry, Held, Laboratory
from gms.viral.typing.lineages import lineage as assigned

HANDOVER = yaml.safe_load((PROJECT / "config" / "assays" / "sarscov2.yaml").read_text())["handover"]
TODAY = datetime.date(2026, 2, 3)
ROW = {"taxon": "SAMPLE-1", "lineage": "B.1.1.7", "conflict": "0.0", "version": "PUSHER-v1.38", "qc_status": "pass"}


def record(name, verdict="pass", role="isolate", lineage=None):
    typed = assigned(name, {name: ROW})
    gates = [{"metric": "mixed", "verdict": verdict, "why": "Mixed."}]
    return {"sample": name, "role": role, "verdict": verdict, "gates": gates, "lineage": lineage or typed}


@pytest.fixture
def handed(tmp_path):
    samples = [record("SAMPLE-1"), record("SAMPLE-2", "warn"), record("SAMPLE-3", "fail"), record("SAMPLE-4")]
    samples += [record("SAMPLE-5", lineage={"lineage": None, "reason": "not assigned: no tool", "versions": {}})]
    samples += [record("SAMPLE-6"), record("CONTROL-1", role="control")]
    plate = {"plate": "P1", "samples": samples}
    rows = [("SAMPLE-1", "26CS01", "01", "SE100"), ("SAMPLE-2", "26CS02", "01", "SE100")]
    rows += [("SAMPLE-3", "26CS03", "01", "SE100"), ("SAMPLE-5", "26CS05", "12", "SE600")]
    entries = {row[0]: Entry(number, *row) for number, row in enumerate(rows, start=2)}
    entries["SAMPLE-1"] = entries["SAMPLE-1"]._replace(
        criterion="Stickprov", collected="2026-01-31", pseudonym="abc1", sex="female", age="50"
    )
    laboratory = Laboratory(entries, [Held(6, "SAMPLE-4", "has no SmiNet id")])
    consensus, reads = {}, {}
    for one in samples:
        name = one["sample"]
        consensus[name] = tmp_path / f"{name}.fasta"
        consensus[name].write_text(f">{name}\nACGTNN\nACGT\n")
        reads[name] = tuple(tmp_path / f"{name}_{mate}.fastq.gz" for mate in (1, 2))
        for path in reads[name]:
            path.write_bytes(gzip_bytes(b"@1\nACGT\n+\nFFFF\n"))

    def run(**changes):
        given = {"reads": reads, "handover": HANDOVER, "laboratory": laboratory} | changes
        files = Files(consensus, given["reads"], [tmp_path / "results"])
        names = [one["sample"] for one in samples]
        out = tmp_path / "out" / "P1"
        out.parent.mkdir(exist_ok=True)
        return out, hand_over(out, plate, given["laboratory"], given["handover"], files, names, TODAY)

    return run


def table(path, separator=","):
    return list(csv.reader(path.read_text().splitlines(), delimiter=separator))


def test_a_pair_of_files_for_each_region_and_laboratory(handed):
    folder, made = handed()
    names = [name for name in made["files"] if name.startswith("reports/") and "instrument" not in name]
    assert names == [
        "reports/01_SE100_2026-02-03_komplettering.csv",
        "reports/01_SE100_2026-02-03_pangolin_classification_format4.txt",
        "reports/12_SE600_2026-02-03_komplettering.csv",
        "reports/12_SE600_2026-02-03_pangolin_classification_format4.txt",
    ]
    assert table(folder / names[0]) == [
        ["provnummer", "urvalskriterium", "GISAID_accession"],
        ["26CS01", "Stickprov", ""],
        ["26CS02", "Information saknas", ""],
    ]
    header, first, _ = table(folder / names[1], "\t")
    assert header == HANDOVER["classification"]["columns"]
    assert dict(zip(header, first, strict=True)) | {"taxon": "", "note": ""} == dict.fromkeys(header, "") | ROW | {
        "taxon": ""
    }
    assert first[0] == "26CS01"
    header, only = table(folder / names[3], "\t")
    assert (only[0], only[1], only[-1]) == ("26CS05", "", "not assigned: no tool")


def test_reads_are_named_by_the_id(handed):
    _, made = handed()
    reads = [name for name in made["files"] if name.startswith("rawdata/")]
    ids = ("26CS01_01_SE100", "26CS02_01_SE100", "26CS05_12_SE600")
    assert reads == [f"rawdata/{name}_{mate}.fastq.gz" for name in ids for mate in (1, 2)]


def test_who_is_held_back_and_why(handed):
    _, made = handed()
    assert {one["sample"]: one["reason"] for one in made["held_back"]} == {
        "SAMPLE-3": "Mixed.",
        "SAMPLE-4": "line 6: has no SmiNet id",
        "SAMPLE-6": "is not in the table of the laboratory",
        "CONTROL-1": "a control",
    }


def test_gisaid_by_header_name_and_matching_fasta(handed):
    folder, made = handed()
    header, row = table(folder / "gisaid" / "gisaid.csv")
    assert header == HANDOVER["gisaid"]["columns"] and len(header) == 30
    cells = dict(zip(header, row, strict=True))
    assert cells["covv_virus_name"] == "hCoV-19/Sweden/SE100-abc1/2026" and cells["fn"] == "sequences.fasta"
    assert {cells[key] for key in ("covv_gender", "covv_patient_age", "covv_collection_date")} == {"unknown"}
    assert (folder / "gisaid" / "sequences.fasta").read_text() == f">{cells['covv_virus_name']}\nACGTNNACGT\n"
    assert any(note.startswith("not in the files for GISAID: SAMPLE-2") for note in made["notes"])
    assert any(note.startswith("GISAID requires submitter") for note in made["notes"])


def test_personal_data_are_disclosed_where_configured(handed):
    gisaid = HANDOVER["gisaid"] | {"disclose": ["sex", "age", "month"]}
    folder, _ = handed(handover=HANDOVER | {"gisaid": gisaid})
    header, row = table(folder / "gisaid" / "gisaid.csv")
    cells = dict(zip(header, row, strict=True))
    assert cells["covv_gender"] == "female" and cells["covv_patient_age"] == "50"
    assert cells["covv_collection_date"] == "2026-01"


def test_reads_stay_without_a_human_reference(handed):
    folder, made = handed(reads={})
    assert NO_HUMAN in made["notes"] and not list((folder / "rawdata").iterdir())


def test_an_internal_name_never_leaves(handed):
    entry = Entry(2, "SAMPLE-1", "26CS01", "01", "SE100", criterion="as SAMPLE-3")
    with pytest.raises(LeakFound, match="an identifier known at the centre"):
        handed(laboratory=Laboratory({"SAMPLE-1": entry}, []))
    folder, _ = handed()
    assert folder.exists()


def test_a_leak_leaves_no_folder(handed, tmp_path):
    handed()
    entry = Entry(2, "SAMPLE-1", "26CS01", "01", "SE100", criterion="as SAMPLE-3")
    with pytest.raises(LeakFound):
        handed(laboratory=Laboratory({"SAMPLE-1": entry}, []))
    assert not (tmp_path / "out" / "P1").exists()


@pytest.mark.parametrize("step", ["write_gisaid", "require_clean"])
def test_nothing_is_at_its_place_before_it_was_searched(handed, tmp_path, monkeypatch, step):
    """Whoever fetches folders finds none that is not whole or was not searched, nor one of a run that failed."""
    handed()

    def fails(*words):
        assert not (tmp_path / "out" / "P1").exists()
        raise OSError("No space left on device")

    monkeypatch.setattr(f"gms.viral.handover.folder.{step}", fails)
    with pytest.raises(OSError, match="No space"):
        handed()
    assert not list((tmp_path / "out").iterdir())


def test_nobody_passed(handed):
    folder, made = handed(laboratory=Laboratory({}, []))
    assert made["handed_over"] == [] and not folder.exists()
