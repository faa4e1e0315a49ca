"""gms why for what is no record: copies of SMN1 and SMN2, homozygous and uniparental regions."""

import random

import pysam
import pytest
import yaml
from markupsafe import escape

from gms.base.json_tables import write_json
from gms.biomarkers.smn_results import CONCLUSIONS, FINDINGS, REASONS, result_words
from gms.explain.variant import explain
from gms.genome.vcf import write_vcf
from gms.homozygosity.region_words import KINDS, PARENTS, REMARKS, in_words
from gms.homozygosity.uniparental import MIN_LENGTH
from gms.inputs.load_run import read_run
from report_templates import template

CONTIGS = {"chr5": 900, "chr15": 1_000}
PLACE = {"contig": "chr15", "start": 101, "end": 800, "length": 700, "depth": 1.0}
SEGMENT = {"parent": "mother", "kind": "isodisomy", "whole": False, "informative": 900, "contrary": 2}
SEGMENT |= {**PLACE, "disorder": "Prader-Willi syndrome", "imprinted_region": "outside"}
RUN = {**PLACE, "markers": 4000, "one_copy": False, "uniparental": True, "suspect": True}
SHARE = {"value": 0.02, "limit": 0.0156, "verdict": "warn", "left_out": None}
REGIONS = {"sample": "P1", "parents": "used", "contigs": {"chr15": {"length": 1000, "assessed": 950}}}
REGIONS |= {"uniparental": [SEGMENT], "runs": [RUN], "inbreeding": SHARE}
C840 = {"reads_smn1": 0, "reads_smn2": 45, "smn1_copies": 0, "other_sites": 0}


def smn(copies, limit, verdict, reason=None, **evidence):
    counts = zip((1, 2), copies, (limit, None), strict=True)
    results = [{"metric": f"smn{n}_copies", "value": v, "limit": one, "verdict": verdict} for n, v, one in counts]
    evidence = {"depth": {"both_genes": 44.1, "two_copies": 29.6}, "total": {"value": 2.98, "error": 0.1}, **evidence}
    return {"reason": reason, "results": results, "sites_agreeing": None if reason else 8, "evidence": evidence}


@pytest.fixture
def folder(tmp_path):
    write_fasta(tmp_path / "g.fa")
    more = {"case": "C1", "assay": "wgs_rare", "sex": "female"}
    people = [{"sample": "P1", "role": "proband", "affected": "yes"}, {"sample": "M1", "role": "mother"}]
    people[1] |= {"affected": "no"}
    rows = [more | one | {f"fastq_{n}": f"{one['sample']}_{n}.fastq.gz" for n in (1, 2)} for one in people]
    (tmp_path / "samples.tsv").write_text("\n".join("\t".join(row) for row in (rows[0], *(r.values() for r in rows))))
    config = {"samples": "samples.tsv", "results": "results", "reference": {"name": "g", "fasta": "g.fa"}}
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(config))
    head = ["##fileformat=VCFv4.3\n", *(f"##contig=<ID={name},length={size}>\n" for name, size in CONTIGS.items())]
    head += ["##gms_parts=family\n", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tP1\tM1\n"]
    record = "chr15\t200\t.\tA\tT\t50\t.\tCALLERS=b\tGT:AD:DP:GQ:AF\t1/1:0,30:30:60:1\t0/1:15,15:30:60:0.5\n"
    results = tmp_path / "results"
    (results / "annotated").mkdir(parents=True)
    write_vcf([*head, record], results / "annotated/C1.vcf.gz")
    for name in ("biomarkers", "regions"):
        (results / name).mkdir()
    write_json(results / "biomarkers/P1.smn.json", {"sample": "P1", **smn((0, 3), "< 1 fail", "fail", c840=C840)})
    write_json(results / "regions/C1.json", REGIONS)
    return tmp_path


def write_fasta(path):
    bases = random.Random(1)
    path.write_text("".join(f">{name}\n{''.join(bases.choices('ACGT', k=size))}\n" for name, size in CONTIGS.items()))
    pysam.faidx(str(path))


def answer(folder, asked):
    return "\n".join(explain(read_run(folder / "run.yaml"), "C1", asked))


@pytest.mark.parametrize("asked", ["SMN1", "smn2", "SMN1:c.840C>T"])
def test_copies_of_smn1_with_evidence_limit_and_conclusion(folder, asked):
    text = answer(folder, asked)
    assert "  P1: SMN1 0, SMN2 3\n    depth 44.1 of both genes, 29.6 of two copies elsewhere:" in text
    assert "2.98 copies of both together, standard error 0.1" in text and "8 of 8 sites agree (needs 5)" in text
    assert "c.840: 0 reads of SMN1, 45 of SMN2" in text and "0 by c.840, 0 by the seven other sites" in text
    assert "limit of SMN1: < 1 fail (fail)" in text and "Result: no copy of SMN1: spinal muscular atrophy" in text
    assert "  M1: not counted yet" in text


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_has_a_sentence_in_the_answer(folder, reason):
    c840 = {"c840": {**C840, "other_sites": 2}} if reason == "c840_disagrees" else {}
    found = {"sample": "P1", **smn((None, None), "< 1 fail", "not_assessed", reason, **c840)}
    write_json(folder / "results/biomarkers/P1.smn.json", found)
    said = result_words({**found, "conclusion": "c840_lost" if c840 else "not_assessed"})
    assert f"    Result: {said}\n" in answer(folder, "SMN1") and REASONS[reason] in said
    assert (CONCLUSIONS["c840_lost"] in said) is bool(c840)


def test_every_conclusion_of_a_person_has_words():
    assert {*FINDINGS, "two_or_more"} == set(CONCLUSIONS)


def test_copies_that_are_not_known_and_those_of_a_healthy_relative(folder):
    biomarkers = folder / "results/biomarkers"
    write_json(
        biomarkers / "P1.smn.json", {"sample": "P1", **smn((None, None), "< 1 fail", "not_assessed", "few_reads")}
    )
    write_json(biomarkers / "M1.smn.json", {"sample": "M1", **smn((1, 3), "< 1 fail, < 2 warn", "warn")})
    text = answer(folder, "SMN1")
    assert "P1: SMN1 not known, SMN2 not known" in text
    assert "Result: not assessed: fewer than 8 reads cover a base that differs between the genes" in text
    assert "M1: SMN1 1, SMN2 3" in text and "Result: one copy of SMN1: carrier\n" in text + "\n"


@pytest.mark.parametrize("asked", ["UPD", "ROH", "chr15", "15:1-900", "upd(15)", "chr15:500", "chr15:200:A:T"])
def test_uniparental_disomy_by_any_name_or_a_place_inside(folder, asked):
    if asked == "chr15:200:A:T":
        bases = pysam.FastaFile(str(folder / "g.fa")).fetch("chr15", 199, 200)
        asked = f"chr15:200:{bases}:{'A' if bases != 'A' else 'T'}"
    text = answer(folder, asked)
    assert "uniparental disomy chr15:101-800 (0.00 Mb)" in text
    assert "both copies from the mother, isodisomy (one chromosome twice); 900 sites for, 2 against; depth 1.00" in text
    assert "    an imprinted chromosome, but not its imprinted region" in text
    assert "run of homozygosity chr15:101-800" in text and REMARKS["uniparental"] in text
    is_whole = asked in ("UPD", "ROH", "chr15", "upd(15)")
    assert ("20 informative sites or more" in text and PARENTS["used"] in text) is is_whole
    assert ("2.00 % (limit 1.56 %): the parents are probably related" in text) is is_whole


@pytest.mark.parametrize("parents", PARENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_why_says_of_regions_what_the_report_says(folder, parents, kind):
    regions = {**REGIONS, "parents": parents, "uniparental": [{**SEGMENT, "kind": kind}]}
    write_json(folder / "results/regions/C1.json", regions)
    text = answer(folder, "chr15")
    assert PARENTS[parents] in text and KINDS[kind] in text and "950 of 1000 bases assessed" in text
    page = template('{% include "regions.html" %}').render(regions=in_words(regions), drawings={"ideogram": ""})
    assert escape(PARENTS[parents]) in page and KINDS[kind] in page and escape(REMARKS["uniparental"]) in page


def test_the_length_that_is_named_is_the_one_that_is_asked_for():
    assert all(f"{MIN_LENGTH // 1_000_000} Mb or more" in PARENTS[parents] for parents in ("used", "mother", "father"))


def test_a_region_has_the_small_variants_in_it(folder):
    text = answer(folder, "chr15:150-250")
    assert "small variants: 1 record" in text and "Filters, in order:" in text
    assert "small variants: 0 records" in answer(folder, "chr15:850-900")


def test_a_chromosome_and_a_place_without_any(folder):
    text = answer(folder, "chr5")
    assert "chr5: not assessed" in text and "None found." in text
    assert "chr15: 950 of 1000 bases assessed" in answer(folder, "chr15")
    assert "homozyg" not in answer(folder, "chr15:900") and "None found" not in answer(folder, "chr15:900")


def test_results_that_are_not_there(folder):
    (folder / "results/regions/C1.json").unlink()
    assert "regions/C1.json does not exist yet; first  ./gms run --profile P --configfile" in answer(folder, "ROH")
    text = (folder / "samples.tsv").read_text().replace("wgs_rare", "wgs_cancer")
    (folder / "samples.tsv").write_text(text.replace("proband", "tumor").replace("mother", "normal"))
    assert "looked for in whole genomes of inherited disease" in answer(folder, "UPD")
    assert "counted in whole genomes of inherited disease" in answer(folder, "SMN1")
