"""What is known of a case: its report, the callability of genes and exons, and its rows of the clinical table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.json_tables import read_json, read_table
from gms.base.results import named
from gms.trials.definitions.oncotree import OncoTree
from gms.trials.matching.clinical_table import Entry
from gms.trials.matching.outcome import Outcome, open_question

# Share of tumour cells that a sample without stated purity is taken to have where absence of a variant is to be proved:
# the lowest that laboratories commonly accept for panels.
LEAST_PURITY = 0.2
SILENT = ("LOW", "MODIFIER")  # impacts of what does not change the protein
FORMATS = ("1.",)  # of report/{case}.json


class NoReport(GmsError):
    """A case without a report that can be read."""

    def __init__(self, path: Path, why: str):
        super().__init__(f"{path} {why}; run the workflow for this case first")


@dataclass(slots=True)
class CaseFacts:
    """`genes`: rows of genes.tsv by gene; `exons`: exons that the assay covers wholly, by gene, None where not known.

    `limits`: lowest fraction that is found, by gene (None: none is), empty for germline cases. `day`: of the decision.
    `cache`: outcome of each leaf, which many trials share.
    """

    document: Mapping[str, Any]
    genes: Mapping[str, Mapping[str, Any]]
    exons: Mapping[str, Mapping[int, bool]] | None
    clinical: Mapping[str, list[Entry]]
    oncotree: OncoTree | None
    day: str
    findings: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    limits: Mapping[str, float | None] = field(default_factory=dict)
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.document["case"]["case"]

    @property
    def is_somatic(self) -> bool:
        return self.document["case"]["kind"] != "germline"

    @property
    def index(self) -> Mapping[str, Any]:
        """The sample that the report is about."""
        return self.document["samples"][0]

    @property
    def failed(self) -> bool:
        return self.document["verdict"] == "fail"

    @property
    def answer(self) -> str:
        """yes, no or unknown: whether the patient agreed to be told of inherited variants."""
        return self.document["case"].get("germline_findings", "unknown")

    def tells_inherited(self, gene: str) -> bool:
        """Whether the report has the inherited variants of a gene; always without a normal that shows what they are."""
        has_normal = any(sample["role"] == "normal" for sample in self.document["samples"])
        return not has_normal or self.answer == "yes" and gene in self.document.get("inherited_genes", ())

    def withholds_acquired(self, gene: str) -> bool:
        """Whether a variant that looks inherited may be acquired and is left out: at a listed position, or in a gene
        of predisposition (the policy's inherited_genes), whatever is there."""
        rows = self.document.get("positions", {}).get("rows", ())
        is_listed = any(row["result"] == "withheld" and gene in row.get("genes", ()) for row in rows)
        return is_listed or gene in self.document.get("inherited_genes", ()) and not self.tells_inherited(gene)

    def has_part(self, part: str) -> bool:
        """Whether the run had a part of the reference, such as clinvar."""
        return bool((self.document["run"].get("reference") or {}).get(part))

    def latest(self, item: str) -> Entry | None:
        """The latest entry of the clinical table."""
        rows = self.clinical.get(item)
        return rows[0] if rows else None


def facts_of(
    document: Mapping[str, Any],
    genes: Iterable[Mapping[str, Any]] | None,
    exons: Mapping[str, Mapping[int, bool]] | None,
    clinical: Mapping[str, list[Entry]],
    oncotree: OncoTree | None,
    day: str,
) -> CaseFacts:
    """Facts from the content of files; without `genes` what the report says of them counts."""
    by_gene: dict[str, list[Mapping[str, Any]]] = {}
    for found in document["findings"]:
        for gene in found["genes"]:
            by_gene.setdefault(gene, []).append(found)
    detection = document.get("detection") or {}
    limits = {gene["gene"]: gene["fraction"] for gene in detection.get("genes", ())}
    rows = {row["gene"]: row for row in genes} if genes is not None else _reported_genes(document, limits)
    return CaseFacts(document, rows, exons, clinical, oncotree, day, by_gene, limits)


def _reported_genes(document: Mapping[str, Any], limits: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Status of genes as far as a report has it: those with a limit of detection, of which it lists the incomplete."""
    if document["genes"]["left_out"]:
        limits = {}
    found: dict[str, Mapping[str, Any]] = {gene: {"status": "ok", "weak_exons": "-", "copy": "-"} for gene in limits}
    for row in document["genes"]["rows"]:
        if cell := row["samples"][0]:
            weak = ",".join(cell["weak_exons"]) or "-"
            found[row["gene"]] = {"status": cell["status"], "weak_exons": weak, "copy": row["copies"] or "-"}
    return found


def withheld(facts: CaseFacts, gene: str, origin: str) -> Outcome | None:
    """Why a variant of a gene may be left out of the report, though it is in the reads; `origin`: asked for."""
    if not facts.is_somatic:
        return None
    is_open = facts.withholds_acquired(gene) if origin == "somatic" else not facts.tells_inherited(gene)
    needs = {
        "yes": f"{gene} among the inherited_genes of the policy",
        "no": "the patient's consent, which was declined (germline_findings)",
        "unknown": "the patient's answer in the sample sheet (germline_findings)",
    }
    return open_question("variants that look inherited are withheld", needs[facts.answer]) if is_open else None


def read_document(path: Path) -> Mapping[str, Any]:
    """A case report as data. Raises NoReport."""
    try:
        document = read_json(path)
        known = str(document["format"]).startswith(FORMATS) and document["samples"] and "findings" in document
    except FileNotFoundError:
        raise NoReport(path, "does not exist") from None
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise NoReport(path, "is not a case report of a version that this one knows")
    return document


def read_exons(path: Path) -> dict[str, dict[int, bool]] | None:
    """Gene -> exon -> whether the assay covers its coding bases wholly; None where there is no such table."""
    if not path.is_file():
        return None
    found: dict[str, dict[int, bool]] = {}
    for row in read_table(path):
        found.setdefault(row["gene"], {})[int(row["exon"])] = row["covered"] == row["bases"]
    return found


def read_facts(
    case: str, results: Path, exons: Mapping[str, Any], clinical: Mapping[str, Any], oncotree: OncoTree | None, day: str
) -> CaseFacts:
    """Facts of a finished case; `exons` by assay, `clinical` by case. Raises NoReport."""
    document = read_document(results / named("findings").at(case=case))
    table = results / named("genes.tsv").at(sample=document["samples"][0]["sample"])
    genes = read_table(table) if table.is_file() else None
    of_assay = exons.get(document["case"]["assay"])
    return facts_of(document, genes, of_assay, clinical.get(case, {}), oncotree, day)
