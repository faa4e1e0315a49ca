"""What is made from report/{case}.json: the page, and the findings as tab-separated text and as a workbook (XLSX).

A page is template and style sheets in one file, nothing fetched; other pages share its look. The workbook is written as
what it is, a zip archive of XML (ECMA-376, SpreadsheetML): loading a library for it would cost more time than the rest
of the report, and the same findings give the same bytes.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import jinja2

from gms.biomarkers.smn_results import smn_rows
from gms.homozygosity.region_rows import region_rows
from gms.ranking.findings import points_words
from gms.report.findings import PARTNERS
from gms.variants.repeats.report_section import sample_words

HERE = Path(__file__).parent
CASE = HERE / "case.html"
STYLE = HERE / "case.css"


Cell = str | int | float | None

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f]")
_FORMULA = re.compile(r"[=+@]|-(?![0-9.]*$)")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest date of a zip archive: the content decides the bytes, not the clock
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.'
    'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
    f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
    '<sheet name="Findings" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
    f'Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


class _Environment(jinja2.Environment):
    """Looks keys of a dictionary up before attributes; jinja tries an attribute of that name first, in vain."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def render(content: Mapping[str, Any], template: Path = CASE, more_style: Path | None = None) -> str:
    """HTML of a page, a case report if no other template is given; all values are escaped."""
    style = "".join(path.read_text() for path in (STYLE, more_style) if path)
    return _environment(template.parent).get_template(template.name).render(style=style, **content)


@cache
def _environment(folder: Path) -> jinja2.Environment:
    """What reads templates of a folder; it compiles each once, which takes longer than a page."""
    return _Environment(
        loader=jinja2.FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def finding_rows(document: Mapping[str, Any]) -> Iterator[list[Cell]]:
    """A header, then a row for each finding, those of other classes last, with fusion and copies; then rows for SMN1,
    SMN2, uniparental and homozygous regions. Each sample has six columns (_MEASURES); of a repeat the copies and state
    of each allele stand for the genotype, whose numbers only name alleles."""
    samples = [sample["sample"] for sample in document["samples"]]
    yield [*_HEADER, *(f"{sample} {measure}" for sample in samples for measure in _MEASURES)]
    classes = document.get("classes", ())
    lengths = {locus: words for section in classes for locus, words in sample_words(section.get("facts", {})).items()}
    for found in [*document["findings"], *(found for section in classes for found in section["findings"])]:
        evidence = found["evidence"]
        if words := lengths.get(found.get("own", {}).get("REPID")):
            evidence = [{**one, "genotype": None, "copies": of} for one, of in zip(evidence, words, strict=True)]
        yield [*_finding(found), *(one.get(measure) for one in evidence for measure in _MEASURES)]
    for row in (*smn_rows(document.get("smn", ())), *region_rows(document.get("regions"))):
        evidence = (row.get("samples", {}).get(sample, {}) for sample in samples)
        yield [*map(row.get, _HEADER), *(one.get(measure) for one in evidence for measure in _MEASURES)]


_MEASURES = ("fraction", "alt_reads", "depth", "genotype", "quality", "copies")  # fraction 0-1

_HEADER = (
    *("section", "reported", "genes", "hgvs_c", "hgvs_p", "hgvs_g", "transcripts", "exon", "consequence", "variant"),
    *("parts", "modes", *PARTNERS, "phase", "labels"),
    *("clinvar", "clinvar_stars", "clinvar_id", "hotspot"),
    *("oncogenicity", "somatic_impact"),
    *("population_frequency", "population_alleles", "rescued_by", "flags", "callers", "rank", "score", "score_terms"),
    *("hpo_terms", "fusion", "frame", "copies", "copies_interval", "length", "remark"),
)
_NAMES = ("genes", "transcripts", "consequence", "modes", *PARTNERS)
# INFO of large events in the last of these columns, before the length in bases.
_OF_EVENTS = ("FUSION_NAME", "FUSION_FRAME", "COPIES", "COPIES_CI")


def _finding(found: Mapping[str, Any]) -> list[Cell]:
    """The columns of a finding that are the same whatever the samples."""
    variant, *parts = found["variants"]
    hgvs, known, own = found["hgvs"], found["known"], found.get("own", {})
    clinvar, *somatic = (known[key] or {} for key in ("clinvar", "oncogenicity", "somatic_impact"))
    identifier = next((one["id"] for one in (clinvar, *somatic) if one.get("id")), None)
    joined = {key: ", ".join(found[key]) for key in (*_NAMES, "labels", "flags", "callers")}
    return [
        *(found["section"], "yes" if found["reported"] else "no", joined["genes"], hgvs["c"], hgvs["p"], hgvs["g"]),
        *(joined["transcripts"], found["exon"], joined["consequence"], variant, ", ".join(parts)),
        *(joined["modes"], *(joined[key] for key in PARTNERS)),
        *(", ".join(map(_phase, found["phase"])), joined["labels"]),
        *(clinvar.get("class"), clinvar.get("stars"), identifier, known["hotspot"]),
        *(one.get("class") for one in somatic),
        *(found["population"]["value"], found["population"]["an"], found["rescued_by"]),
        *(joined["flags"], joined["callers"], found["rank"], found["score"], points_words(found["score_terms"])),
        ", ".join(found["phenotypes"]),
        *(own.get(key) for key in _OF_EVENTS),
        *(abs(int(own["SVLEN"])) if own.get("SVLEN") else None, "; ".join(_remarks(found)) or None),
    ]


def _remarks(found: Mapping[str, Any]) -> Iterator[str]:
    """What decides about an event and has no column: locus and limits of a repeat, exons that are left out, what an
    insertion repeats, and of which cells the copies of a panel are, with the copies that persons of that sex usually
    have."""
    own, doubled = found.get("own", {}), found.get("duplicated")
    if "REPID" in own:
        normal = f", normal to {own['STR_NORMAL_MAX']} copies" if "STR_NORMAL_MAX" in own else ""
        yield f"{own['REPID']}, motif {own['RU']}{normal}, pathogenic from {own['STR_PATHOLOGIC_MIN']}"
    if "SPLICE_EVENT" in own:
        yield f"{own['SPLICE_EVENT'].replace('_', ' ')}, exon {own['SKIPPED_EXONS']} skipped"
    if doubled:
        filler = f" with {doubled['filler']} between both copies" if doubled["filler"] else ""
        yield f"tandem duplication of {doubled['repeated']} bases{filler} ({doubled['inserted']} inserted)"
    if "LOG2" in own:
        source = "measured" if "PURITY_CI" in own else "sample sheet"
        yield f"usual copies {own['USUAL']}"
        yield f"of tumour cells at purity {own['PURITY']} ({source})" if "PURITY" in own else "copies of all cells"
        if "COPIES_OTHER" in own:
            yield f"{own['COPIES_OTHER']} copies in another genome that explains alleles and depth nearly as well"


def _phase(one: Mapping[str, Any]) -> str:
    """Another finding of the gene: in_cis, in_trans, mixed or unknown, and the fragments that show both places."""
    return f"{one['state']} {one['variant']} ({one['both']} both, {one['this_only']} this, {one['other_only']} other)"


def write_list(path: Path | str, rows: Iterable[Sequence[Cell]]) -> None:
    """Tab-separated text; absent values are empty. Text that a spreadsheet would run as a formula begins with '."""
    with open(path, "w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table, delimiter="\t", lineterminator="\n")
        writer.writerows([_no_formula(value) for value in row] for row in rows)


def _no_formula(value: Cell) -> Cell:
    """OWASP, CSV injection; a lone sign or a number is none."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def write_workbook(path: Path | str, rows: Iterable[Sequence[Cell]]) -> None:
    """An XLSX file with one sheet; numbers stay numbers, text is never taken for a formula."""
    body = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    pane = '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'
    sheet = (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews>{pane}</sheetViews><sheetData>{body}</sheetData></worksheet>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)


def _cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(_printable(value))}</t></is></c>'
    return f"<c><v>{value!r}</v></c>"


def _printable(text: str) -> str:
    """Without the control characters that XML 1.0 forbids, and in one line."""
    return _CONTROL.sub("", text)
