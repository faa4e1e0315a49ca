"""The files for Scout and Gens, made of a finished run."""

import gzip

import pysam
import yaml

from gms.commands.results.viewers import main

CASE = "rare-trio"


def test_a_finished_family_becomes_files_that_both_load(finished, tmp_path):
    results = tmp_path / "results"
    results.mkdir()
    for part in finished.results.iterdir():
        (results / part.name).symlink_to(part)
    genes = tmp_path / "genes.gff3"  # those of the data set have no HGNC ids
    with gzip.open(finished.folder / "reference" / "genes.gff3.gz", "rt") as lines:
        genes.write_text(lines.read().replace("Name=ABCA4;", "Name=ABCA4;Dbxref=HGNC:HGNC:34;"))
    options = ["--institute", "cust002", "--genes", str(genes), "--build", "38", "--threads", "1"]
    assert main([str(results), CASE, *options]) == 0
    scout = yaml.safe_load((results / "viewers" / CASE / "scout.yaml").read_text())
    with pysam.VariantFile(scout["vcf_snv"]) as file:
        records = list(file)
        names = list(file.header.samples)
    assert names == [sample["sample_id"] for sample in scout["samples"]]
    of_gene = [record for record in records if any("|HGNC:34|" in entry for entry in record.info.get("CSQ", ()))]
    assert len(of_gene) >= 2 and all(record.info["RankScore"][0].startswith(f"{CASE}:") for record in of_gene)
    gens = yaml.safe_load((results / "viewers" / CASE / "gens.yaml").read_text())
    for sample in gens["samples"]:
        for key in ("baf", "coverage"):
            with pysam.TabixFile(sample[key]) as file:
                assert {contig.partition("_")[0] for contig in file.contigs} == set("oabcd")
