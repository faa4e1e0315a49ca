"""A sheet of nf-core/raredisease, imported and run, ends in the full report of the same case."""

import shutil

import yaml

import runs
from gms.base.json_tables import read_json, read_table
from gms.base.results import named

CASE = "rare-trio"
COLUMNS = ("sample", "lane", "fastq_1", "fastq_2", "sex", "phenotype", "paternal_id", "maternal_id", "case_id")
PED = {"male": 1, "female": 2, "no": 1, "yes": 2}


def raredisease_sheet(folder, path):
    """The trio of the miniature data set as nf-core/raredisease wants it: sexes and phenotypes of a PED file."""
    lines = [",".join(COLUMNS)]
    for row in read_table(folder / "samples.tsv"):
        if row["case"] == CASE:
            reads = [str(folder / row[mate]) for mate in ("fastq_1", "fastq_2")]
            parents = ["rare-father", "rare-mother"] if row["role"] == "proband" else ["0", "0"]
            told = [str(PED[row["sex"]]), str(PED[row["affected"]])]
            lines.append(",".join([row["sample"], row["lane"], *reads, *told, *parents, CASE]))
    path.write_text("\n".join(lines) + "\n")


def test_an_imported_family_ends_in_the_full_report(finished, tmp_path):
    """What does not depend on the sheet is taken over from the finished run: the import changed nothing of it."""
    raredisease_sheet(finished.folder, tmp_path / "samplesheet.csv")
    sheet = tmp_path / "samples.tsv"
    done = runs.gms("import-sheet", tmp_path / "samplesheet.csv", "--assay", "wgs_rare", "--output", sheet)
    assert done.returncode == 0, done.stdout
    config = yaml.safe_load((finished.folder / "run.yaml").read_text())
    kept = {key: config[key] for key in ("samples", "results")}
    files = {part: str(finished.folder / path) for part, path in config["reference"].items() if part != "name"}
    kept["reference"] = files | {"name": config["reference"]["name"]}
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(kept))
    shutil.copytree(finished.results, tmp_path / "results", symlinks=True)
    report = named("report").at(case=CASE)
    done = runs.run(tmp_path, report)
    assert done.returncode == 0, done.stdout
    cram = named("cram").at(sample="rare-proband")
    assert (tmp_path / "results" / cram).stat().st_mtime == (finished.results / cram).stat().st_mtime
    found, expected = (
        read_json(path / named("findings").at(case=CASE)) for path in (tmp_path / "results", finished.results)
    )
    assert found["run"]["config"] != expected["run"]["config"]  # a report of this run, whose config is another
    assert {one["variants"] for one in found["classes"]} == {"copy_number", "mitochondrial", "repeats", "structural"}
    assert found["regions"] and found["smn"] and found["ranking"]
    for key in ("samples", "findings", "classes", "relations", "regions", "smn"):
        assert found[key] == expected[key], key
    page = (tmp_path / "results" / report).read_text()
    assert all(f'id="{name}"' in page for name in ("structural", "copy_number", "mitochondrial", "repeats"))
