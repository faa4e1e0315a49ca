"""Case folders tests/cases/case_report/<case>: the inputs of a report, the text it must show and must not show."""

import html.parser
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.base.schemas import load_schema
from gms.biomarkers.smn_results import concluded
from gms.filtering.policy import load_policy
from gms.genome.gene_list import panel_facts, read_gene_list
from gms.ranking.model import load_model
from gms.ranking.phenotypes import read_phenotype
from gms.ranking.secondary import read_secondary_genes
from gms.report.classes import ClassResults
from gms.report.content import page_content
from gms.report.document import CaseResults, report_document
from gms.report.render import finding_rows, render, write_list, write_workbook
from gms.report.set_aside import worth_a_look
from gms.report.variants import Evidence, Filtered, Variant, read_filtered

ACMG = PROJECT / "resources" / "genes" / "acmg_sf.tsv"
HERE = PROJECT / "scripts" / "gms" / "report"
CASES = sorted((Path(__file__).parents[2] / "cases" / "case_report").iterdir())


def document(folder, classes=(), smn=()):
    case = json.loads((folder / "case.json").read_text())
    names = [sample["sample"] for sample in case["samples"]]
    policy = load_policy(folder / "policy.yaml")
    listed, model, table = (folder / name for name in ("gene_list.txt", "rank_model.ini", "phenotypes.txt"))
    return report_document(
        CaseResults(
            case=case,
            filtered=read_filtered(folder / "filtered.vcf", worth_a_look(policy)),
            policy=policy,
            samples=[json.loads((folder / f"{name}.qc.json").read_text()) for name in names],
            relations=json.loads((folder / "relations.json").read_text()),
            genes=[read_table(folder / f"{name}.genes.tsv") for name in names],
            positions=read_table(folder / "positions.tsv"),
            run=json.loads((folder / "run.json").read_text()),
            gene_list=read_gene_list(listed if listed.exists() else None),
            panel=panel_facts(listed if listed.exists() else None),
            analysed="2026-11-28",
            rank_model=load_model(model) if model.exists() else None,
            secondary=read_secondary_genes(ACMG) if "secondary_findings" in case else None,
            phenotype=read_phenotype(table, case["samples"][0]["phenotype"]) if table.exists() else None,
            classes=classes,
            smn=smn,
        )
    )


def report(folder):
    return render(page_content(document(folder)))


def test_hotspots_are_not_called_unseen_in_rna():
    folder = next(case for case in CASES if case.name == "panel_with_rescue")
    policy = load_policy(PROJECT / "config" / "filters" / "panel_rna.yaml", "rna")
    assert document(folder)["positions"]["total"] == 5
    found = document(folder, (ClassResults(Filtered(), policy, {}),))
    assert found["positions"]["total"] == 0 and found["detection"] is None


def rna_of(sample, *variants):
    """The class of RNA of a sample."""
    policy = load_policy(PROJECT / "config" / "filters" / "panel_rna.yaml", "rna")
    facts = {"samples": [{"sample": sample, "fragments": 9, "chimeric": 1}], "events": [], "without_models": []}
    return ClassResults(
        Filtered(list(variants)), policy, {"assessed": True, "reason": None, "callers": ["starjunctions"], **facts}
    )


def test_a_control_of_rna_is_not_said_to_show_nothing_else(tmp_path):
    folder = shutil.copytree(next(case for case in CASES if case.name == "nothing_found"), tmp_path / "control")
    relations = json.loads((folder / "relations.json").read_text())
    relations["control"] = {"variants": [], "unexpected": [], "unexpected_more": 0}
    (folder / "relations.json").write_text(json.dumps(relations))
    info = {"SPLICE_EVENT": "EGFRvIII", "SKIPPED_EXONS": "2-7", "SPLICE_TRANSCRIPT": "T3"}
    reads = {"C1": Evidence((None, None), 9, 60, None)}
    skipped = Variant("chr7", 500, "A", "<DEL>", "splicing", info, None, (), "", (), reads)
    plain, rna = (Page(render(page_content(document(folder, one)))).text for one in ((), (rna_of("C1", skipped),)))
    assert "No other variant is reported." in plain
    assert "No other" not in rna and "See also Fusions and splice events in RNA : 1 reported" in rna


def test_small_variants_are_not_said_to_be_absent_from_rna(tmp_path):
    folder = shutil.copytree(next(case for case in CASES if case.name == "panel_with_rescue"), tmp_path / "rna")
    lines = (folder / "filtered.vcf").read_text().splitlines(True)
    (folder / "filtered.vcf").write_text("".join(line for line in lines if line.startswith("#")))
    texts = [Page(render(page_content(document(folder, classes)))).text for classes in ((), (rna_of("S1"),))]
    for words in ("0 reportable variants", "Small variants none reported", "A variant there may have been missed"):
        assert [words in text for text in texts] == [True, False], words
    for words in ("Small variants not looked for in RNA", "Small variants are not called from RNA.", "Depth of RNA"):
        assert [words in text for text in texts] == [False, True], words
    assert "0 reportable" not in texts[1]


def test_hotspots_of_tumours_are_not_listed_for_a_family(tmp_path):
    folder = shutil.copytree(CASES[0], tmp_path / "family")
    positions = (CASES[0].parent / "panel_with_rescue" / "positions.tsv").read_text()
    (folder / "positions.tsv").write_text(positions.replace("KIT_D816\thotspot", "KIT_D816\talways_report"))
    listed = document(folder)["positions"]
    assert document(folder)["case"]["kind"] == "germline"
    assert [row["name"] for row in listed["rows"]] == ["KIT_D816", "TERT_promoter"]


class Page(html.parser.HTMLParser):
    """Visible text, and every element with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self.hidden = [], [], 0
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.hidden += tag in ("style", "title")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "title")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def flat(text):
    """Without white space and its kinds, which layout decides."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_report_says(folder):
    text = flat(Page(report(folder)).text)
    for line in (folder / "expected.txt").read_text().splitlines():
        assert flat(line) in text, line
    for line in (folder / "absent.txt").read_text().splitlines():
        assert flat(line) not in text, line


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_report_is_one_accessible_offline_page(folder):
    text = report(folder)
    page = Page(text)
    tags = [tag for tag, _ in page.elements]
    assert ("html", {"lang": "en"}) in page.elements
    assert tags.count("h1") == 1
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert not re.search(r"https?:|url\(|@import", text)
    assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")
    targets = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {attributes["href"][1:] for tag, attributes in page.elements if tag == "a"} <= targets


def test_report_is_the_same_each_time():
    assert report(CASES[0]) == report(CASES[0])


def test_text_from_files_is_escaped():
    text = report(next(path for path in CASES if path.name == "panel_with_rescue"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_report_as_data_follows_its_schema(folder):
    errors = Draft202012Validator(load_schema("report")).iter_errors(document(folder))
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


def test_lists_hold_every_finding_and_numbers_stay_numbers(tmp_path):
    data = document(next(path for path in CASES if path.name == "panel_with_rescue"))
    write_list(tmp_path / "list.tsv", finding_rows(data))
    write_workbook(tmp_path / "list.xlsx", finding_rows(data))
    rows = read_table(tmp_path / "list.tsv")
    sheet = list(load_workbook(tmp_path / "list.xlsx").active.iter_rows(values_only=True))
    assert [row["variant"] for row in rows] == [found["variants"][0] for found in data["findings"]]
    assert sheet[0][:3] == ("section", "reported", "genes")
    assert len(sheet) == len(rows) + 1
    assert sheet[1][sheet[0].index("S1 depth")] == 500
    assert rows[0]["S1 fraction"] == "0.122"


def test_text_of_a_list_is_no_formula_of_a_spreadsheet(tmp_path):
    cells = ["=HYPERLINK(1)", "+1+cmd", "@SUM(1)", "-2+3", "-", "-0.5", "p.(=)", "A=B", 3, -1.5, None]
    write_list(tmp_path / "list.tsv", [cells])
    read = (tmp_path / "list.tsv").read_text().rstrip("\n").split("\t")
    assert read == ["'=HYPERLINK(1)", "'+1+cmd", "'@SUM(1)", "'-2+3", "-", "-0.5", "p.(=)", "A=B", "3", "-1.5", ""]


def test_workbook_is_the_same_each_time(tmp_path):
    data = document(CASES[0])
    for name in ("a", "b"):
        write_workbook(tmp_path / name, finding_rows(data))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert zipfile.ZipFile(tmp_path / "a").testzip() is None


def test_a_proband_who_declined_is_told_no_secondary_finding(tmp_path):
    folder = shutil.copytree(next(path for path in CASES if path.name == "secondary_findings"), tmp_path / "declined")
    case = json.loads((folder / "case.json").read_text())
    (folder / "case.json").write_text(json.dumps(case | {"secondary_findings": "no"}))
    found = document(folder)
    assert len(found["findings"]) == 5 and "BRCA1" not in json.dumps({**found, "genes": None})
    assert "BRCA1" not in report(folder) and found["secondary_findings"]["variants"] == []


def test_copy_number_of_a_genome_has_a_section_of_its_own():
    facts = {"assessed": True, "bin": 500, "events": {"DEL": 2}, "structural": True, "samples": []}
    policy = {"title": "Copy number", "name": "p", "version": "1"}
    empty = {
        "records": 2,
        "filters": [],
        "not_applied": [],
        "sections": [],
        "findings": [],
        "joined": 0,
        "ranking": None,
    }
    data = document(CASES[0]) | {"classes": [{"variants": "copy_number", "facts": facts, "policy": policy, **empty}]}
    assert "Changes proposed: DEL 2" in Page(render(page_content(data))).text


@pytest.mark.parametrize("copies, said", [(0, "SMN1 no copy"), (1, "SMN1 one copy"), (2, None)])
def test_a_page_of_a_family_begins_with_its_main_results(copies, said):
    results = [{"metric": "smn1_copies", "value": copies}, {"metric": "smn2_copies", "value": 4 - copies}]
    total = {"value": 4.0, "error": 0.1}
    smn = [{"sample": "P1", "reason": None, "results": results, "sites_agreeing": 8, "evidence": {"total": total}}]
    smn = concluded(smn, [{"sample": "P1", "affected": "yes"}])
    segment = {"contig": "chr14", "start": 1, "end": 90_000_000, "length": 90_000_000, "parent": "mother"}
    segment |= {"kind": "isodisomy", "whole": True, "informative": 900, "contrary": 2, "depth": 1.0}
    regions = {"case": "C1", "sample": "P1", "contigs": {"chr14": {"length": 107_043_718, "assessed": 90_000_000}}}
    regions |= {
        "fractions": {},
        "runs": [],
        "parents": "used",
        "uniparental": [{**segment, "disorder": "Temple syndrome", "imprinted_region": "over"}],
    }
    regions |= {"inbreeding": {"value": 0.0, "limit": 0.0156, "verdict": "pass", "left_out": None}}
    page = Page(render(page_content(document(CASES[0]) | {"smn": smn, "regions": regions})))
    head = page.text.partition("Main results ")[2].partition(" What was asked")[0]
    assert head.startswith("Other variants MECP2 p.Ala140Val hemizygous ")
    assert "Uniparental disomy chr14, both copies from the mother (Temple syndrome)" in head
    assert said is None and "SMN1" not in head or said in head


@pytest.mark.parametrize(
    ("where", "named", "said"),
    [
        ("over", True, "Prader-Willi syndrome"),
        ("outside", False, "an imprinted chromosome, but not its imprinted region"),
        ("unknown", False, "chromosome of Prader-Willi syndrome; where the imprinted region"),
    ],
)
def test_a_disorder_is_named_where_its_region_is_uniparental(where, named, said):
    segment = {"contig": "chr15", "start": 1, "end": 9_000_000, "length": 9_000_000, "parent": "mother", "depth": 1.0}
    segment |= {"kind": "unknown", "whole": False, "informative": 900, "contrary": 2}
    segment |= {"disorder": "Prader-Willi syndrome", "imprinted_region": where}
    regions = {"case": "C1", "sample": "P1", "contigs": {"chr15": {"length": 100, "assessed": 90}}}
    regions |= {"fractions": {}, "runs": [], "parents": "used"}
    left_out = {"contig": "chr7", "length": 159_000_000}
    regions |= {"inbreeding": {"value": 0.001, "limit": 0.0156, "verdict": "pass", "left_out": left_out}}
    text = Page(render(page_content(document(CASES[0]) | {"regions": {**regions, "uniparental": [segment]}}))).text
    head, _, rest = text.partition("Main results ")[2].partition("What was asked")
    assert said in rest and ("Prader-Willi" in head) is named and "too few sites" in rest
    assert "isodisomy of chr7 is likelier than related parents" in rest and "Isodisomy possible chr7" in head
    assert "probably related" not in text


def test_main_results_of_a_family_are_those_that_were_asked_for():
    text = Page(report(next(case for case in CASES if case.name == "ranked_family"))).text
    head = text.partition("Main results ")[2].partition("What was asked")[0]
    assert head.startswith("Other variants DDD1 chr9:100 G>A heterozygous; MECP2 ")
    assert "heterozygous; 4 outside the gene list" in head and "AAA1" not in head


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("fail", "Quality control failed. These results cannot rule anything out, and the case is not exported."),
        ("not_assessed", "passed in part; not measured: contamination (M1)."),
    ],
)
def test_what_was_not_measured_is_said_once(verdict, said):
    data = document(next(case for case in CASES if case.name == "family_failed"))
    gate = {"subject": "M1", "metric": "contamination", "value": None, "warn": None, "fail": "> 0.05", "why": "w"}
    data |= {"verdict": verdict, "verdicts": [gate | {"verdict": "not_assessed"}]}
    head = Page(render(page_content(data))).text.partition("Main results")[0]
    assert said in head and head.count("contamination (M1)") == 1


def test_genes_outside_the_list_are_folded_as_what_is_printed():
    text = report(next(case for case in CASES if case.name == "ranked_family"))
    assert text.count('<details class="findings">') == 1 and ".findings::details-content" in text


def of_panel(**more):
    """Text of the page of a tumour, with what was measured of it besides."""
    folder = next(case for case in CASES if case.name == "panel_with_rescue")
    return Page(render(page_content(document(folder) | more))).text


@pytest.mark.parametrize(
    ("reason", "verdict", "said"), [(None, "high", "high (70.5 % of sites unstable)"), ("x", None, "not assessed")]
)
def test_a_page_of_a_tumour_begins_with_its_main_results(reason, verdict, said):
    row = {"value": 70.5, "interval": [60.0, 80.0], "verdict": verdict, "why": "Unstable.", "unit": "% of sites"}
    facts = {"grey_from": 5, "high_from": 10, "sites": 44, "unstable": 31, "normals": 20, "mode": "tumor_only"}
    text = of_panel(msi={**facts, "reason": reason, "results": [row]})
    head = text.partition("Main results ")[2].partition("What was asked")[0]
    assert head.startswith("Hotspots BRAF p.Val600Glu 12.2 %; TP53 p.Glu224= 4 %") and f"Microsatellites {said}" in head


def test_known_copies_of_each_allele_are_not_given_without_a_purity():
    purity = {"reason": "few_snps", "registered": 0.5, "differs": False, "alternative": None, "snps": 6, "acquired": 6}
    row = {"value": None, "why": "Assembly.", "verdict": "not_assessed"}
    hrd = {"reason": "other_assembly", "high": 42, "seen": 0.0, "known": 1.0, "results": [row]}
    text = of_panel(purity={**purity, "results": [row], "points": [], "contigs": {}}, hrd=hrd)
    assert "enough SNPs: 0 %." in text and "known copies of each allele" not in text


def test_main_results_name_what_is_shown_without_being_reported():
    data = document(next(case for case in CASES if case.name == "panel_with_rescue"))
    data["findings"][0] |= {"reported": False, "section": "low_depth"}
    data["sections"].append({"key": "low_depth", "title": None, "findings": 1, "reported": False})
    text = Page(render(page_content(data))).text
    assert "Hotspots below the depth limit BRAF p.Val600Glu 12.2 % not reported" in text.partition("What was asked")[0]


def test_main_results_have_no_section_whose_variants_stand_on_cards_of_another_one():
    data = document(next(case for case in CASES if case.name == "panel_with_rescue"))
    data["findings"][1] |= {"genes": ["BRAF"], "section": "other"}
    data["sections"].append({"key": "other", "title": "Other variants", "findings": 1, "reported": True})
    text = Page(render(page_content(data))).text
    assert "Main results Hotspots BRAF p.Val600Glu 12.2 %; BRAF p.Glu224= 4 % (Other variants) What was" in text


def test_main_results_name_a_splice_change_by_its_bases():
    data = document(next(case for case in CASES if case.name == "panel_with_rescue"))
    data["findings"][0]["hgvs"] |= {"c": "c.562+1G>A", "p": "p.?"}
    text = Page(render(page_content(data))).text
    assert "Main results Hotspots BRAF c.562+1G>A 12.2 %; TP53" in text


@pytest.mark.parametrize(
    ("variant", "named"),
    [
        ("chr5:2704:G:G[chr19:3443[", "translocation chr5;chr19"),
        ("chr5:2704:G:]chr5:9000]G", "breakend"),
        ("chr5:2704:G:G.", "breakend"),
    ],
)
def test_breakends_between_chromosomes_are_translocations(variant, named):
    macros = Environment(loader=FileSystemLoader(HERE)).get_template("sentences.html").module
    assert macros.event_type({"type": "breakend", "variants": [variant]}) == named


@pytest.mark.parametrize(
    ("copies", "is_said"),
    [
        ({"COPIES": "0.30"}, True),
        ({"COPIES": "0.60"}, False),
        ({"COPIES": "0.30", "COPIES_OTHER": "2.30"}, False),  # in another genome that explains all nearly as well
        ({"COPIES": "0.30", "COPIES_OTHER": "0.10"}, True),
    ],
)
def test_no_small_variant_is_found_in_genes_that_the_tumour_has_lost(copies, is_said):
    macros = Environment(loader=FileSystemLoader(HERE)).get_template("sentences.html").module
    found = {"type": "deletion", "own": {"MEASURED": "CDKN2A,CDKN2B", **copies}}
    genes = macros.lost_genes([{"variants": "copy_number", "findings": [found]}, {"variants": "rna"}])
    assert (genes == "CDKN2A, CDKN2B") is is_said


@pytest.mark.parametrize(
    ("inserted", "filler", "said"),
    [
        (45, None, "tandem duplication of 45 bases"),
        (48, "GTC", "tandem duplication of 45 bases with GTC between both copies (48 bases inserted)"),
        (90, None, "tandem duplication of 45 bases (90 bases inserted)"),  # two further copies
    ],
)
def test_what_an_insertion_repeats_is_said_with_its_size(inserted, filler, said):
    macros = Environment(loader=FileSystemLoader(HERE)).get_template("sentences.html").module
    assert macros.duplicated({"inserted": inserted, "repeated": 45, "filler": filler}) == said


def test_terms_that_several_rank_models_lack_are_named_once():
    macros = Environment(loader=FileSystemLoader(HERE)).get_template("ranking.html").module
    cadd = {"term": "cadd_score", "category": "deleteriousness", "part": None, "key": "CADD"}
    clinvar = {"term": "clnsig", "category": "clinvar", "part": "clinvar", "key": "CLNSIG"}
    models = [("Small variants", {"left_out": [cadd, clinvar]}), ("Copy number", {"left_out": [cadd]})]
    text = Page(macros.section(models, None)).text
    assert "2 terms without points" in text and text.count("CADD is not annotated") == 1
    assert text.endswith("clnsig (clinvar): needs ClinVar Small variants")


def test_places_that_no_fragment_joins_are_said_so_in_few_words():
    macros = Environment(loader=FileSystemLoader(HERE)).get_template("sentences.html").module
    one = {"state": "unknown", "variant": "chr7:9:C:G", "both": 0, "this_only": 0, "other_only": 0}
    assert "too far from chr7:9:C:G" in macros.phase(one) and "with both" not in macros.phase(one)
    assert "(0 fragments with both, 3 with this alone" in macros.phase(one | {"this_only": 3})


def with_copies(sample, copies, reason=None, c840=None):
    results = [{"metric": "smn1_copies", "value": copies}, {"metric": "smn2_copies", "value": copies and 3 - copies}]
    evidence = {"total": {"value": 4.0, "error": 0.1}} | ({"c840": c840} if c840 else {})
    return {"sample": sample, "reason": reason, "results": results, "sites_agreeing": None, "evidence": evidence}


def with_smn(copies, affected="yes", reason=None, c840=None):
    data = document(CASES[0])
    person = data["samples"][0] | {"affected": affected}
    one = with_copies(person["sample"], copies, reason, c840)
    return Page(render(page_content(data | {"smn": concluded([one], [person])}))).text


def test_one_copy_of_smn1_may_be_the_disease_of_an_ill_person():
    assert "carrier, or spinal muscular atrophy if" in with_smn(1)
    assert "carrier, or spinal muscular atrophy if" in with_smn(1, "unknown")
    assert "carrier, or" not in with_smn(1, "no") and "one copy of SMN1: carrier" in with_smn(1, "no")


@pytest.mark.parametrize(
    ("alone", "others", "said"),
    [
        (0, 2, "spinal muscular atrophy is not excluded"),
        (2, 0, "neither shown nor excluded"),
        (1, 2, "a carrier is not"),
    ],
)
def test_a_site_of_smn1_that_disagrees_asks_for_a_look_at_the_reads(alone, others, said):
    c840 = {"reads_smn1": 30 * alone, "reads_smn2": 60, "smn1_copies": alone, "other_sites": others, "agrees": False}
    text = with_smn(None, reason="c840_disagrees", c840=c840)
    assert said in text and "look at the reads" in text and "c.840 and other sites disagree" in text
    assert "no copy of SMN1" not in text and "one copy of SMN1" not in text


def test_what_healthy_parents_have_of_smn1_is_not_shown_without_a_finding_of_the_child():
    folder = next(path for path in CASES if path.name == "secondary_findings")
    counted = [{**with_copies(sample, 2 - number), "sample": sample} for number, sample in enumerate(("P1", "M1"))]
    data = document(folder, smn=tuple(counted))
    page = render(page_content(data))
    assert [one["sample"] for one in data["smn"]] == ["P1"]
    assert "shown only with a finding in P1" in page and "one copy of SMN1" not in page


def test_versions_name_the_parts_that_were_given():
    data = document(CASES[0])
    parts = {"smn": {"file": "smn.tsv"}, "structural_population": {"file": "svdb.vcf.gz", "dated": "2026-01-02"}}
    data["run"]["reference"] |= parts
    text = Page(render(page_content(data))).text
    assert "Sites of SMN1, SMN2 smn.tsv" in text and "Structural frequencies svdb.vcf.gz, of 2026-01-02" in text
    assert "MITOMAP" not in text


@pytest.mark.parametrize(
    ("matches", "chromosomes", "said"),
    [
        (False, "XY", "male differs; used for genotypes on X and Y"),
        (True, "XXY", "male 47,XXY"),
        (True, "unclear", "or a mosaic; genotypes on X are those of the sex by coverage"),
    ],
)
def test_what_decides_on_x_and_y_is_said_where_it_is_not_as_the_sheet_says(matches, chromosomes, said):
    data = document(next(folder for folder in CASES if folder.name == "family_failed"))
    first, *others = data["samples"]
    measured = {"sex_inferred": "male", "sex_matches": matches, "sex_chromosomes": chromosomes}
    data["samples"] = [first | {"metrics": first["metrics"] | measured}, *others]
    assert flat(said) in flat(Page(render(page_content(data))).text)
