"""The results tree: every file of a results folder, described once.

Status, estimate, ring trial, export, explanations and the README read this table; a test compares it with the rules,
whose paths are literal. A new stage or class of variants is its rule, its room and its rows here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

# What a path may be about, the most specific first.
SUBJECTS = ("caller", "case", "sample", "patient", "isolate", "plate", "virus", "assay")


@dataclass(frozen=True, slots=True)
class ResultFile:
    """One kind of file. `path` is a pattern from the results folder; one that ends with '/' is a folder of files.

    `rule` makes it ('' for a ./gms command) from the files named in `made_from`, of which it may make some itself.
    `stage`: what a case has reached with it. `variants`: its class of variants, whose callers fill in {caller}.
    `index`: endings of files made with it. `compared` by the ring trial, under its `title`; `is_optional`: only some
    assays have it; `exported`: by the export; `is_target` of a run; `is_planned` by the rule; `words` of the README.
    """

    name: str
    path: str
    rule: str
    made_from: tuple[str, ...] = ()
    stage: str = ""
    title: str = ""
    variants: str = ""
    index: tuple[str, ...] = ()
    compared: bool = False
    is_optional: bool = False
    exported: bool = False
    is_target: bool = False
    is_planned: bool = True
    words: str = ""

    @property
    def per(self) -> str:
        """'caller' (of a case), 'case', 'sample', 'patient', 'assay', 'run'; of viruses 'isolate', 'plate', 'virus'."""
        return next((subject for subject in SUBJECTS if f"{{{subject}}}" in self.path), "run")

    def at(self, **subject: str) -> str:
        """The path of one file: at(case='F1')."""
        return self.path.format(**subject)

    def everywhere(self) -> str:
        """The path as a pattern for `Path.glob`, over all subjects."""
        return self.path.format(**dict.fromkeys(SUBJECTS, "*"))


def _file(name: str, path: str, rule: str, made_from: str = "", marks: str = "", **more) -> ResultFile:
    """`made_from`: names, `marks`: those of compared, optional, exported and target that hold; separated by blanks."""
    known = {"compared": "compared", "optional": "is_optional", "exported": "exported", "target": "is_target"}
    marked = {known[mark]: True for mark in marks.split()}
    return ResultFile(name, path, rule, tuple(made_from.split()), **marked, **more)


_TBI, _PAIRED = (".tbi",), {"copy_number": " purity", "structural": "", "repeats": ""}  # with small variants; read, too
_LAST = {"call_depth": 2, "call_repeatreads": 2, "annotate_class": 3, "filter_class": 4}  # after merging (1)


def _of_class(name: str, caller: str, made_from: str, title: str, words: str, merge: str = "") -> Iterator[ResultFile]:  # noqa: PLR0913
    """Calls of a class besides the small variants, those of several callers joined by `merge`, and the stages."""
    rule, more = f"call_{caller}", {"index": _TBI, "variants": name}
    seen = f"{title if title.isupper() else title.lower()}: what could be assessed, and what was seen"
    yield _file(f"{name}_calls", f"variants/{name}/{caller}/{{case}}.vcf.gz", rule, made_from, words=words, **more)
    last = f"{name}_merged" if merge else f"{name}_calls"
    if merge:
        path, joined = f"variants/{name}/merged/{{case}}.vcf.gz", f"{name}_calls {made_from} qc.json transcripts"
        yield _file(last, path, merge, joined, "compared optional", title=f"{title}, merged", **more)
    yield _file(f"{name}_facts", f"variants/{name}/{{case}}.json", merge or rule, variants=name, words=seen)
    last += " genome transcripts qc.json" + (" panel_copies" if name == "copy_number" else "")
    for step, rule in (("annotated", "annotate_class"), ("filtered", "filter_class"), ("reported", "filter_class")):
        path, shown = f"{step}/{name}/{{case}}.vcf.gz", f"{title}, {step}"
        yield _file(f"{name}_{step}", path, rule, last, "compared optional", title=shown, **more)
        last = f"{name}_{step}" + (f" reported{_PAIRED[name]}" if step == "annotated" and name in _PAIRED else "")


_REPORT = "filtered qc.json genes.tsv positions.tsv case.json regions mitochondrial_filtered mitochondrial_facts"
_REPORT += " external_facts structural_filtered structural_facts repeats_filtered repeats_facts smn tmb msi purity hrd"
_ALLELES, _BASIS = "annotated panel_copies_facts qc.json genome", "qc.json case.json purity"
_REPORT += " rna_filtered rna_facts run.json cram copy_number_filtered copy_number_facts panel_copies_facts genome"
# fmt: off
_CLASSES = sorted((
    *_of_class("copy_number", "depth", "cram qc.json genome merged structural_merged", "Copy number",
               "deletions and duplications by depth, whole chromosomes"),
    _file("panel_copies", "variants/copy_number/cnvkit/{case}.vcf.gz", "call_cnvkit", "cram qc.json genome",
          index=_TBI, variants="copy_number", words="copy number of gene panels, against normals"),
    _file("panel_copies_facts", "variants/copy_number/cnvkit/{case}.json", "call_cnvkit", variants="copy_number",
          words="its genes, arms and warnings"),
    *_of_class("mitochondrial", "mitocounts", "cram qc.json genome", "Mitochondrial variants",
               "mitochondrial alleles at any fraction, deletions"),
    *_of_class("repeats", "repeatreads", "cram qc.json genome structural_merged copy_number_calls", "Repeats",
               "repeats of the catalogue"),
    *_of_class("rna", "starjunctions", "cram genome transcripts", "RNA", "fusions and splice events of RNA"),
    *_of_class("structural", "{caller}", "cram genome", "Structural variants",
               "structural variants of one caller, without genotypes", "merge_structural"),
), key=lambda file: _LAST.get(file.rule, int(file.rule[:5] != "call_")))
_FILTERED_CLASSES = [file.rule for file in _CLASSES].index("filter_class")
FILES = (  # in the order in which a run makes them
    _file("genome", "reference/genome.fa", "reference_fasta", marks="exported", index=(".fai",)),
    _file("dictionary", "reference/genome.dict", "sequence_dictionary", "genome"),
    _file("bwa_index", "reference/bwa/", "bwa_index", "genome"),
    _file("bwa-mem2_index", "reference/bwa-mem2/", "bwa_mem2_index", "genome"),
    _file("star_index", "reference/star/", "star_index", "genome"),
    _file("transcripts", "reference/transcripts.tsv", "transcripts"),
    _file("coding", "reference/coding.bed", "coding_regions"),
    _file("contigs", "qc/regions/contigs.tsv", "contig_bases", "genome"),
    _file("target_regions", "qc/regions/{assay}.bed", "assay_regions", "genome"),
    _file("limits", "qc/regions/{assay}.limits.json", "assay_regions", "genome"),
    _file("sites", "qc/regions/{assay}.sites.tsv", "assay_regions", "genome"),
    _file("cram", "alignment/{sample}.cram", "align_reads", "genome bwa_index bwa-mem2_index star_index",
          marks="exported", stage="aligned", index=(".crai",), words="aligned reads"),
    _file("reads.json", "alignment/{sample}.reads.json", "align_reads", words="reads of each lane: dropped, kept"),
    _file("qc.json", "qc/{sample}.qc.json", "sample_qc", "cram reads.json genome target_regions limits sites contigs",
          marks="compared exported", title="Quality of the sample",
          words="metrics of a sample, their limits and verdicts"),
    _file("positions.tsv", "qc/{sample}.positions.tsv", "sample_qc", words="depth and status of listed positions"),
    _file("genes.tsv", "qc/{sample}.genes.tsv", "sample_qc", "", "compared", title="Genes", words="callable bases"),
    _file("fingerprint.tsv", "qc/{sample}.fingerprint.tsv", "sample_qc", "", "compared", title="Fingerprint"),
    _file("read_statistics", "qc/alignment/{sample}.stats.txt", "sample_qc", is_planned=False),
    _file("calls", "variants/{caller}/{case}.vcf.gz", "call_{caller}", "cram genome dictionary",
          stage="called", variants="small", index=_TBI, words="small variants of one caller"),
    _file("merged", "variants/merged/{case}.vcf.gz", "merge_variants", "calls cram genome coding",
          marks="compared", stage="merged", variants="small", index=_TBI, title="Variants, merged",
          words="one record per allele, evidence counted the same way for all callers"),
    _file("external", "variants/external/{case}.vcf.gz", "external_variants", "genome", "compared optional", index=_TBI,
          stage="merged", variants="small", title="Variants, external", words="calls of a case that starts from a VCF"),
    _file("external_facts", "variants/external/{case}.json", "external_variants", words="what was taken of its files"),
    *_CLASSES[:_FILTERED_CLASSES],
    _file("annotated", "annotated/{case}.vcf.gz", "annotate_variants",
          "merged external genome transcripts qc.json structural_annotated copy_number_annotated repeats_annotated",
          marks="compared", stage="annotated", variants="small", index=_TBI, title="Variants, annotated",
          words="consequences, frequencies, ClinVar, hotspots"),
    _file("case.json", "qc/{case}.case.json", "case_qc", "qc.json fingerprint.tsv annotated", marks="compared exported",
          title="Quality of the case",
          words="identity, relations, tumour in the normal, expected variants of a control; verdict"),
    _file("filtered", "filtered/{case}.vcf.gz", "filter_variants",
          "annotated structural_annotated copy_number_annotated repeats_annotated", marks="compared exported",
          stage="filtered", variants="small", index=_TBI, title="Variants, filtered",
          words="every record with all its reasons in FILTER, and what rescued it"),
    _file("reported", "reported/{case}.vcf.gz", "filter_variants", "filtered", marks="compared exported target",
          variants="small", index=_TBI, title="Variants, reported", words="the records that passed"),
    _file("regions", "regions/{case}.json", "case_regions", "annotated", marks="compared optional",
          title="Homozygous regions", words="homozygous regions, uniparental disomy (whole genomes)"),
    _file("alleles", "biomarkers/{case}.alleles.tsv", "allele_copies", _ALLELES, words="copies of each allele"),
    _file("purity", "biomarkers/{case}.purity.json", "allele_copies", _ALLELES, "compared optional", title="Purity",
          words="purity with its interval, ploidy, SNPs (gene panels with normals)"),
    _file("hrd", "biomarkers/{case}.hrd.json", "allele_copies", _ALLELES, "compared optional",
          title="Homologous recombination", words="LOH, TAI and LST, and which stretches were counted"),
    *_CLASSES[_FILTERED_CLASSES:],
    _file("smn", "biomarkers/{sample}.smn.json", "smn_copies", "cram genome", "compared optional",
          title="SMN1 and SMN2", words="copies of SMN1 and SMN2 (whole genomes)"),
    _file("tmb", "biomarkers/{case}.tmb.json", "mutational_burden", f"{_BASIS} annotated limits", "compared optional",
          title="Tumour mutational burden", words="mutations per megabase, and which were counted (gene panels)"),
    _file("msi", "biomarkers/{case}.msi.json", "microsatellites", f"{_BASIS} cram genome", "compared optional",
          title="Microsatellite instability", words="share of unstable homopolymers (assays with a baseline)"),
    _file("run.json", "run.json", "run_record", "genome", "exported target", words="versions: tools, policies, panels"),
    _file("report", "report/{case}.html", "case_report", _REPORT, "target", stage="reported", words="for geneticists"),
    _file("findings", "report/{case}.json", "case_report", _REPORT, marks="compared", title="Case report",
          words="findings, verdicts and limits as data"),
    _file("findings.tsv", "report/{case}.tsv", "case_report", words="list of findings"),
    _file("hotspots.tsv", "report/{case}.hotspots.tsv", "case_report", words="hotspots: depth, limit, result"),
    _file("findings.xlsx", "report/{case}.xlsx", "case_report", words="the same as a workbook"),
    _file("virus", "reference/viral/{virus}/genome.fa", "viral_reference",
          words="genome of a virus, with its indices, genes and primer schemes"),
    _file("virus_reads", "alignment/viral/{isolate}.bam", "viral_alignment", "virus", index=(".bai",),
          words="aligned reads of a virus, primers clipped"),
    _file("virus_clipped", "alignment/viral/{isolate}.clipped.txt", "viral_alignment"),
    _file("virus_alleles", "variants/viral/{isolate}.vcf.gz", "viral_consensus", "virus virus_reads virus_clipped",
          marks="compared", title="Alleles of the virus", index=_TBI,
          words="alleles of a virus, minor ones too, with what became of each"),
    _file("consensus", "consensus/{isolate}.fasta", "viral_consensus", "virus_alleles", "compared", title="Consensus",
          words="consensus sequence of a virus"),
    _file("virus_qc", "qc/viral/{isolate}.json", "viral_consensus", "virus_alleles", marks="compared",
          title="Record of the viral sample", words="what is measured of a viral sample alone"),
    _file("lineage_report", "typing/{plate}.lineage_report.csv", "pangolin", "consensus"),
    _file("nextclade_report", "typing/{plate}.nextclade.tsv", "nextclade", "consensus", index=(".version",)),
    *(_file(f"without_human_{mate}", f"alignment/viral/{{isolate}}.without_human_{mate}.fastq.gz", "viral_human_reads",
            "virus_reads bwa_index") for mate in (1, 2)),
    _file("human_reads", "qc/viral/{isolate}.human.json", "viral_human_reads", "virus_reads bwa_index",
          marks="compared optional", title="Human reads"),
    _file("plate", "qc/plates/{plate}.json", "viral_plate",
          "virus virus_qc human_reads lineage_report nextclade_report",
          marks="compared", title="Plate: verdicts, typing, mixtures",
          words="the samples of a plate together: gates, verdicts, typing, mixtures"),
    _file("plate_page", "report/viral/{plate}/index.html", "viral_report", "plate virus", marks="target",
          words="a plate of viral samples, for the microbiologist"),
    _file("isolate_page", "report/viral/{plate}/{isolate}.html", "viral_report", "plate virus", is_planned=False,
          words="one of its samples; .json has the same as data"),
    _file("handed_over", "handover/{plate}.json", "viral_handover", "plate consensus without_human_1 without_human_2",
          marks="compared optional target", title="Hand-over: who and who not",
          words="what was handed over of a plate and what was held back; the folder has the same name"),
    _file("handover_folder", "handover/{plate}/", "viral_handover",
          "handed_over plate consensus without_human_1 without_human_2",
          marks="compared optional", title="Hand-over: tables, sequences, reads", is_planned=False),
    _file("exons", "qc/regions/{assay}.exons.tsv", "assay_exons", "target_regions"),
    _file("trials", "trials/{case}.json", "match_trials", "findings genes.tsv exons",
          words="arms of clinical trials: met, not met or unknown, and what is missing"),
    _file("trials.html", "trials/{case}.html", "match_trials", "findings genes.tsv exons", marks="target",
          words="the same as a page for the tumour board"),
    _file("residual_disease", "residual_disease/{patient}.json", "residual_disease", "genome cram",
          words="the tumour's variants followed in plasma: tumour fraction, limit of detection"),
    _file("residual_disease.html", "residual_disease/{patient}.html", "residual_disease", "genome cram", marks="target",
          words="the same as a page, over time"),
    _file("overview", "qc/overview/", "overview_tables", "qc.json case.json plate", words="tables of all samples"),
    _file("multiqc", "report/multiqc.html", "multiqc", "overview", marks="target", words="quality of all samples"),
    _file("decision", "export/folder/{case}.json", "export",
          "reported filtered cram qc.json fingerprint.tsv case.json run.json genome", marks="target", stage="decided",
          words="shared or not, and why; the encrypted package is in the folder of the same name"),
    _file("index", "report/index.html", "", words="cases, their QC status, failures, turnaround, links"),
    _file("reanalysis", "reanalysis.json", ""),
    _file("changes", "changes/", "", "findings reanalysis",
          words="of a reanalysis (reanalysis/{name}/ in a results folder): findings that are new, changed, gone"),
    _file("viewers", "viewers/{case}/", "", words="what Scout, Gens and QCI load (./gms viewers)"),
    _file("approval", "export/folder/{case}/approval.json", "", "decision"),
    _file("screening", "trials/screening.json", ""),
    _file("receipt", "export/s3/{case}.json", "upload", "decision approval", "target", stage="sent", words="receipt"),
)
# fmt: on
_BY_NAME = {file.name: file for file in FILES}


def named(name: str) -> ResultFile:
    """The file with this name."""
    return _BY_NAME[name]


def files(per: str = "", **wanted: object) -> tuple[ResultFile, ...]:
    """Files in the order of a run, those of one subject and with these attributes: files('case', compared=True)."""
    asked = (file for file in FILES if per in ("", file.per))
    return tuple(file for file in asked if all(getattr(file, key) == value for key, value in wanted.items()))


def needs(rule: str) -> tuple[str, ...]:
    """Rules that make what a rule reads, in the order of a run."""
    sources = {name for file in FILES if file.rule == rule for name in file.made_from}
    return tuple(dict.fromkeys(file.rule for file in FILES if file.name in sources and file.rule not in ("", rule)))
