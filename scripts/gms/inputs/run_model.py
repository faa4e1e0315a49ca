"""The resolved run: what every rule, report and package knows of the samples, the reference and the assays."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VIRAL, MONITORING = "viral", "monitoring"  # kinds of assays beside germline and somatic
NEEDS_REFERENCE = ("cnvkit",)  # callers that have nothing to compare with where an assay has no `copy_number`
INDEX_ROLES = ("proband", "tumor", "isolate", "plasma", "control", "normal")  # a report is about the first of a case


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of a sample; `line`: in the sheet (1-based). `bam`: BAM or CRAM file with reads of lanes, not FASTQ;
    `vcf`: its calls, without reads, by the name `vcf_sample` ('': open)."""

    name: str
    fastq_1: Path | None
    fastq_2: Path | None
    line: int
    bam: Path | None = None
    vcf: Path | None = None
    vcf_sample: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that hold its reads, or its calls."""
        return tuple(path for path in (self.fastq_1, self.fastq_2, self.bam, self.vcf) if path)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample with its lanes in the order of the sheet; `purity`: fraction of tumor cells, 0-1; `scheme`, `plate` and
    `well`: of viral assays; `accession`: the laboratory's number, `received` YYYY-MM-DD; `phenotype`: HPO terms."""

    name: str
    case: str
    role: str
    assay: str
    sex: str
    affected: str
    purity: float | None
    umi: str
    subject: str | None
    lanes: tuple[Lane, ...]
    scheme: str = ""
    plate: str = ""
    well: str = ""
    accession: str = ""
    received: str = ""
    phenotype: tuple[str, ...] = ()
    germline_findings: str = "unknown"
    secondary_findings: str = "unknown"


@dataclass(frozen=True, slots=True)
class Case:
    """What one report is about; the index sample comes first, the others in the order of the sheet. `gene_list`: the
    file of genes that the sheet asks for, None without one."""

    name: str
    assay: str
    samples: tuple[Sample, ...]
    gene_list: Path | None = None

    @property
    def index(self) -> Sample:
        """The proband, tumor, isolate or control, or the normal of a case without these."""
        return self.samples[0]

    def member(self, role: str) -> Sample | None:
        """The first sample with this role, or None."""
        return next((sample for sample in self.samples if sample.role == role), None)

    @property
    def with_parents(self) -> list[Sample]:
        """The index, followed by its mother and its father as far as they were sequenced."""
        return [self.index, *(parent for role in ("mother", "father") if (parent := self.member(role)))]


@dataclass(frozen=True, slots=True)
class Reference:
    """The genome and the parts that were given; paths are absolute."""

    name: str = ""
    fasta: Path | None = None
    genes: Path | None = None
    population: Path | None = None
    clinvar: Path | None = None
    mask: Path | None = None
    hotspots: Path | None = None
    cram: Path | None = None
    mitomap: Path | None = None
    mitotip: Path | None = None
    repeats: Path | None = None
    smn: Path | None = None
    mobile_elements: Path | None = None
    structural_population: Path | None = None
    phenotypes: Path | None = None

    @property
    def knowledge(self) -> tuple[Path | None, ...]:
        """The files that alleles are annotated with."""
        return (self.genes, self.population, self.clinvar, self.mask, self.hotspots)


@dataclass(frozen=True, slots=True)
class Gate:
    """A quality limit: the verdict is fail or warn when the comparison holds; `roles` None means every sample; `unless`
    {metric, holds}: another metric whose condition excuses a breach."""

    metric: str
    why: str
    roles: tuple[str, ...] | None = None
    warn: str | None = None
    fail: str | None = None
    unless: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Assay:
    """An assay with the run's changes applied; keys and units as described in workflow/schemas/assay.schema.json.
    `callers`, `policy`, `policy_files` by class of variants, none of the kind monitoring, which has `monitoring`."""

    name: str
    title: str
    version: str
    kind: str
    roles: dict[str, tuple[str, ...]]
    trim: bool
    aligner: str
    callers: dict[str, tuple[str, ...]]
    policy: dict[str, str]
    file: Path
    policy_files: dict[str, Path]
    callable_depth: int
    gates: tuple[Gate, ...]
    description: str = ""
    needs_targets: bool = False
    targets: Path | None = None
    normals: Path | None = None
    whitelist: Path | None = None
    genes: Path | None = None
    expected: Path | None = None
    min_allele_fraction: float | None = None
    amplicon: bool = False
    blood_derived: bool = False
    tmb: Path | None = None
    min_reads: tuple[int, int, int] | None = None
    msi: Path | None = None
    copy_number: Path | None = None
    structural_normals: Path | None = None
    repeat_normals: Path | None = None
    segmentation: str = "cbs"
    rank_model: Path | None = None
    rank_model_structural: Path | None = None
    rank_model_repeats: Path | None = None
    secondary_genes: Path | None = None
    deepvariant: Path | None = None
    monitoring: dict[str, Any] = field(default_factory=dict)

    @property
    def shows_regions(self) -> bool:
        """Whether homozygous regions can be told: inherited variants of a whole genome. Targets are too sparse."""
        return self.kind == "germline" and not self.targets

    @property
    def other_classes(self) -> tuple[str, ...]:
        """Classes of variants besides small ones that it looks for: those whose callers have what they compare with."""
        lacks = self.copy_number is None and self.callers.get("copy_number") == NEEDS_REFERENCE
        return tuple(sorted(set(self.callers) - {"small", *["copy_number"] * lacks}))


@dataclass(frozen=True, slots=True)
class ViralAssay:
    """A viral assay with the run's changes applied; keys as described in workflow/schemas/viral_assay.schema.json.
    `schemes`: BED of each primer scheme, the default first. `pangolin` and `nextclade`: a path, 'run' or None."""

    name: str
    title: str
    version: str
    kind: str
    virus: str
    roles: dict[str, tuple[str, ...]]
    genome: Path
    schemes: dict[str, Path]
    rules: dict[str, float]
    gates: tuple[Gate, ...]
    file: Path
    description: str = ""
    aliases: tuple[str, ...] = ()
    genes: Path | None = None
    trim: bool = True
    marks: Path | None = None
    pangolin: Path | str | None = None
    nextclade: Path | str | None = None
    nextclade_dataset: Path | None = None
    earlier: tuple[Path, ...] = ()
    laboratory: Path | None = None
    handover: dict[str, Any] | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that it names."""
        given = self.genome, self.genes, self.marks, self.pangolin, self.nextclade, self.laboratory
        return (*(path for path in given if isinstance(path, Path)), *self.schemes.values(), *self.earlier)


@dataclass(frozen=True, slots=True)
class Plate:
    """Samples of one viral assay that were prepared and sequenced together, in the order of the sheet."""

    name: str
    assay: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Everything a run is made of; paths are absolute, `config` is as read. Samples of viral assays (no genome needed)
    are in `viral_samples`, `plates` and `viruses`; others in `samples`, `cases`, `assays`, plasma in `monitored`."""

    samples: dict[str, Sample]
    cases: dict[str, Case]
    results: Path
    gmc: str
    reference: Reference
    assays: dict[str, Assay]
    sharing: Path | None
    export: dict[str, Any]
    trials: dict[str, Any]
    residual_disease: Path | None
    config: dict[str, Any]
    configfile: Path
    sheet: Path
    project: Path
    monitored: dict[str, Case] = field(default_factory=dict)
    viral_samples: dict[str, Sample] = field(default_factory=dict)
    plates: dict[str, Plate] = field(default_factory=dict)
    viruses: dict[str, ViralAssay] = field(default_factory=dict)

    def gene_list_of(self, case: Case) -> Path | None:
        """The genes that a case is about: the list of its rows in the sheet, else its assay's."""
        return case.gene_list or self.assays[case.assay].genes

    def container_image(self, named: str | None = None) -> str:
        """The image for jobs: `named`, the config's, an address or a path relative to it, or the project's gms.sif."""
        image = named or self.config.get("container") or str(self.project / "gms.sif")
        return image if "://" in image else str(self.configfile.parent / image)
