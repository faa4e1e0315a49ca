"""Files of viral assays: there, readable, and of the same virus; the table of the laboratory."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from gms.base.json_tables import read_json
from gms.base.problems import Findings, shown
from gms.base.schemas import Document
from gms.inputs.run_model import Run, ViralAssay
from gms.inputs.sample_sheet import local_names
from gms.inputs.viral_assays import RUN
from gms.viral.chain.primer_scheme import scheme_problems
from gms.viral.chain.reference import NotOneContig, read_genome
from gms.viral.handover.laboratory import read_laboratory
from gms.viral.typing.knowledge import gene_parts
from gms.viral.typing.lineages import NotDataSet, NotPangolin, dataset_version, read_nextclade, read_pangolin
from gms.viral.typing.marks import marks_problems


def check_viruses(run: Run, findings: Findings, has_other_tools: bool = False) -> None:
    """Note what is wrong with the files of every viral assay. Warn of typing tools that are not on the PATH, which a
    node of a cluster may have."""
    for assay in run.viruses.values():
        for tool in ("pangolin", "nextclade"):
            if getattr(assay, tool) == RUN and not has_other_tools and not shutil.which(tool):
                text = (
                    f"assay {assay.name} runs {tool}, which is not on the PATH here; without it, no plate is finished"
                )
                advice = f"install it, add  --software-deployment-method conda, or give its results under {tool}:"
                print(f"warning: {text}; {advice}", file=sys.stderr)
        if assay.nextclade == RUN and not assay.nextclade_dataset:
            text = "nextclade: run needs nextclade_dataset, the folder of 'nextclade dataset get'"
            findings.add(run.configfile, _line(run, assay), f"assay {assay.name}: {text}")
        absent = [path for path in assay.files if not path.is_file()]
        for path in absent:
            findings.add(run.configfile, _line(run, assay), f"assay {assay.name}: '{shown(path)}' does not exist")
        if not absent:
            _check_genome(assay, findings)
            _check_laboratory(run, assay, findings)


def _check_laboratory(run: Run, assay: ViralAssay, findings: Findings) -> None:
    """Note what is wrong with the table of the laboratory; warn of rows that keep a sample from the hand-over."""
    if not assay.laboratory:
        return
    if not assay.handover:
        text = f"assay {assay.name} has a laboratory's table but no  handover:  that says what is handed over"
        findings.add(run.configfile, _line(run, assay), text)
        return
    found = read_laboratory(assay.laboratory, assay.handover, run.viral_samples, local_names(run.sheet), findings)
    for one in found.held:
        text = f"sample '{one.sample}' {one.reason}; it is held back from the hand-over"
        print(f"warning: {shown(assay.laboratory)} line {one.line}: {text}", file=sys.stderr)


def _line(run: Run, assay: ViralAssay) -> int | None:
    return Document(run.configfile).line(["assays", assay.name])


def _check_genome(assay: ViralAssay, findings: Findings) -> None:
    """Note what is wrong with a virus's genome or, where that can be read, with what is placed on it."""
    try:
        contig, genome = read_genome(assay.genome)
    except (NotOneContig, UnicodeDecodeError) as error:
        findings.add(assay.genome, None, f"cannot be the genome of a viral assay: {error}")
        return
    if not contig or set(genome) - set("ACGTRYSWKMBDHVN"):
        findings.add(assay.genome, None, "is not FASTA with one named sequence of DNA")
        return
    names = dict.fromkeys((contig, *assay.aliases))
    for bed in dict.fromkeys(assay.schemes.values()):
        for line, text in scheme_problems(bed, genome, names):
            findings.add(bed, line, text)
    for path, line, text in _table_problems(assay, genome, set(names)):
        findings.add(path, line, text)


def _table_problems(assay: ViralAssay, genome: str, names: set[str]) -> Iterator[tuple[Path, int | None, str]]:
    """(file, line or None, text) of what is wrong with genes, list of mutations and results of typing."""
    genes = {}
    if assay.genes:
        yield from ((assay.genes, line, text) for line, text in _gene_problems(assay.genes, genome, names))
        genes = gene_parts(assay.genes)
    if assay.marks:
        yield from ((assay.marks, line, text) for line, text in marks_problems(assay.marks, genome, genes))
    for path, read in ((assay.pangolin, read_pangolin), (assay.nextclade, read_nextclade)):
        try:
            if isinstance(path, Path):
                read(path)
        except (NotPangolin, UnicodeDecodeError) as error:
            yield path, None, str(error)
    yield from ((path, None, text) for path in assay.earlier if (text := _earlier_problem(path)))
    if assay.nextclade == RUN and assay.nextclade_dataset:
        try:
            dataset_version(assay.nextclade_dataset)
        except NotDataSet as error:
            yield assay.nextclade_dataset, None, str(error)


def _earlier_problem(path: Path) -> str | None:
    """What is wrong with the record of an earlier plate."""
    try:
        record = read_json(path)
        if isinstance(record["plate"], str) and all("lineage" in sample for sample in record["samples"]):
            return None
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        pass
    return "is not the record of a plate; give  qc/plates/{plate}.json  of earlier results"


def _gene_problems(gff: Path, genome: str, names: set[str]) -> Iterator[tuple[int | None, str]]:
    """Genes of another genome, which bcftools csq would leave out without a word."""
    for number, line in enumerate(gff.read_text().splitlines(), start=1):
        fields = line.split("\t")
        if len(fields) != 9 or line.startswith("#"):
            continue
        if fields[0] not in names:
            yield number, f"contig '{fields[0]}' is not that of the virus ({' or '.join(sorted(names))})"
            return
        if not fields[4].isdecimal() or int(fields[4]) > len(genome):
            yield number, f"end {fields[4]} is beyond the genome of {len(genome)} bases"
            return
