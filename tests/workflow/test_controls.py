"""What the plan of a control sample compares with the list of what it is known to have."""

import yaml

import assay_plans


def test_a_control_of_rna_is_compared_with_its_fusions(tmp_path):
    configfile, sheet = assay_plans.write_run(tmp_path), tmp_path / "samples.tsv"
    row = ["seraseq", "seraseq", "control", "panel_rna", "c_R1.fastq.gz", "c_R2.fastq.gz", "", "", ""]
    sheet.write_text(sheet.read_text() + "\t".join(row) + "\n")
    config = yaml.safe_load(configfile.read_text())
    config["assays"]["panel_rna"]["expected"] = "fusions.tsv"
    configfile.write_text(yaml.safe_dump(config))

    plan = assay_plans.full_plan("local", configfile).stdout

    (inputs,) = (
        job.split("output:")[0] for job in plan.split("rule case_qc:")[1:] if "qc/seraseq.case.json" in job[:900]
    )
    assert "filtered/seraseq.vcf.gz" in inputs and "filtered/rna/seraseq.vcf.gz" in inputs
