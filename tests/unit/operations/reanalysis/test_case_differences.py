"""What the sample sheet and the gene list of a case say now, against the report that was signed out."""

import pytest

from gms.inputs.load_run import read_run
from gms.operations.reanalysis.knowledge import case_differences
from gms.report.run_record import case_params

ROW = {"case": "A", "sample": "A-p", "role": "proband", "assay": "wgs_rare", "fastq_1": "1.fq.gz", "fastq_2": "2.fq.gz"}
ROW |= {"sex": "female", "affected": "yes", "phenotype": "HP:0001250", "genes": "panel.txt"}
LIST = "# panel: Epilepsy\n# version: {}\nSCN1A\n"
FIRST = LIST.format(1)


@pytest.fixture
def compared(tmp_path):
    """Differences where these columns and this gene list were changed since the report."""
    (tmp_path / "run.yaml").write_text("samples: samples.tsv\nreference: {name: tiny, fasta: tiny.fa}\n")

    def read(row, genes):
        (tmp_path / "panel.txt").write_text(genes)
        (tmp_path / "samples.tsv").write_text("\n".join(map("\t".join, (row, row.values()))) + "\n")
        run = read_run(tmp_path / "run.yaml")
        return run, run.cases["A"]

    def compare(genes=FIRST, **changed):
        changed = {"genes" if column == "list" else column: value for column, value in changed.items()}
        run, case = read(ROW, FIRST)
        stated = case_params(case, run.assays["wgs_rare"])
        before = {"case": stated, "samples": stated["samples"], "gene_list": ["SCN1A"], "panel": {"version": "1"}}
        return list(case_differences(*read(ROW | changed, genes), before))

    return compare


@pytest.mark.parametrize("changed, expected", [
    ({}, []),
    ({"affected": "unknown"}, [("A-p: affected", "yes", "unknown")]),
    ({"phenotype": ""}, [("A-p: phenotype", "HP:0001250", "none")]),
    ({"list": ""}, [("gene list of the case", "1 gene, version 1", "none")]),
    ({"secondary_findings": "no"}, [("secondary findings", "unknown", "no")]),
])  # fmt: skip
def test_rows_of_the_sample_sheet(compared, changed, expected):
    assert compared(**changed) == expected


def test_a_gene_list_of_other_genes_or_version(compared):
    assert compared(LIST.format(2)) == [("gene list of the case", "1 gene, version 1", "1 gene, version 2")]
    assert compared(FIRST + "PCDH19\n") == [("gene list of the case", "1 gene, version 1", "2 genes, version 1")]
