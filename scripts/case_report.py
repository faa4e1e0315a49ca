"""The report of a case: its findings as data, and the page and the lists that are made from them."""

import datetime
from pathlib import Path

from gms.base.json_tables import read_json, read_table, write_long_json
from gms.base.rule_log import rule_job
from gms.drawings.depth_views import depth_views
from gms.drawings.read_views import end_views, read_views
from gms.filtering.policy import load_policy
from gms.genome.gene_list import panel_facts, read_events, read_gene_list
from gms.genome.intervals import read_contigs
from gms.ranking.model import load_model
from gms.ranking.phenotypes import read_phenotype
from gms.ranking.secondary import read_secondary_genes
from gms.report.classes import ClassResults
from gms.report.content import page_content
from gms.report.document import CaseResults, report_document
from gms.report.genes import position_columns
from gms.report.render import finding_rows, render, write_list, write_workbook
from gms.report.set_aside import worth_a_look
from gms.report.variants import read_filtered
from gms.tumor_genome.measured_copies import corrected_by, corrected_facts, measured_purity
from gms.variants.panel_copies.arms import assembly_of
from gms.variants.repeats.records import shown_facts


def class_results(vcf, policy, name):
    """Results of a class of variants; its facts are next to its calls, where it has any."""
    facts = next((path for path in inputs.class_facts if f"/{name}/" in path), None)
    policy, facts = load_policy(Path(policy), name), read_json(facts) if facts else {}
    if name == "copy_number" and alleles:
        facts = corrected_facts(facts, measured_purity(alleles["purity"]))
    if name == "repeats":
        facts = shown_facts(facts, [sample["affected"] for sample in snakemake.params.case["samples"]])
    return ClassResults(read_filtered(vcf), policy, facts, rank_model(name), events)


def rank_model(name):
    """The rank model of a class of variants; None without one."""
    path = snakemake.params.rank_models.get(name)
    return load_model(Path(path)) if path else None


def phenotype():
    """Genes of the HPO terms of the person investigated; None without terms or without a table."""
    terms = snakemake.params.case["samples"][0]["phenotype"]
    return read_phenotype(Path(inputs.phenotypes), terms) if terms and inputs.phenotypes else None


with rule_job(snakemake):
    inputs, output = snakemake.input, snakemake.output
    policy = load_policy(Path(inputs.policy))
    alleles = dict(zip(("purity", "hrd"), map(read_json, inputs.alleles), strict=False))
    if alleles:
        alleles["purity"]["corrected_by"] = corrected_by(alleles["purity"])
    events = read_events(inputs.gene_list or None, assembly_of(read_contigs(Path(f"{inputs.fasta}.fai"))))
    results = CaseResults(
        case=snakemake.params.case,
        filtered=read_filtered(inputs.vcf, worth_a_look(policy)),
        policy=policy,
        samples=[read_json(path) for path in inputs.samples],
        relations=read_json(inputs.relations),
        genes=[read_table(path) for path in inputs.genes],
        positions=read_table(inputs.positions),
        regions=read_json(inputs.regions) if inputs.regions else None,
        run=read_json(inputs.run),
        gene_list=read_gene_list(Path(inputs.gene_list) if inputs.gene_list else None),
        panel=panel_facts(inputs.gene_list or None),
        events=events,
        analysed=datetime.date.today().isoformat(),
        classes=tuple(map(class_results, inputs.classes, inputs.class_policies, snakemake.params.classes)),
        smn=tuple(map(read_json, inputs.smn)),
        tmb=read_json(inputs.tmb) if inputs.tmb else None,
        msi=read_json(inputs.msi) if inputs.msi else None,
        **alleles,
        external=read_json(inputs.external)["sources"] if inputs.external else None,
        rank_model=rank_model("small"),
        phenotype=phenotype(),
        secondary=read_secondary_genes(Path(inputs.secondary_genes)) if inputs.secondary_genes else None,
    )
    document = report_document(results)
    for key, look in (("read_views", read_views), ("end_views", end_views), ("depth_views", depth_views)):
        document[key] = look(document, inputs.crams, inputs.fasta)
    rows = list(finding_rows(document))
    write_long_json(output.data, document)
    Path(output.page).write_text(render(page_content(document)))
    write_list(output.table, rows)
    write_list(output.hotspots, position_columns(document["positions"]))
    write_workbook(output.workbook, rows)
