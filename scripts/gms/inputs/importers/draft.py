"""What a sheet of another pipeline becomes: drafts of rows, what was asked for, and what was assumed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from gms.base.problems import Findings, unknown
from gms.base.project import PROJECT
from gms.inputs.assays import known_assays
from gms.inputs.run_model import Assay

COLUMNS = (
    *("case", "sample", "role", "assay", "fastq_1", "fastq_2"),
    *("bam", "vcf", "vcf_sample", "lane", "sex", "affected", "purity", "umi", "subject"),
)
SHOWN = 3  # subjects that an assumption names


@dataclass
class Draft:
    """One row to be; `path` and `line` say where its source stands, `source_sample` how that calls the sample."""

    path: Path
    line: int
    source_sample: str
    case: str
    sample: str
    fastq_1: str
    fastq_2: str
    role: str = ""
    assay: str = ""
    lane: str = ""
    sex: str = "unknown"
    affected: str = ""
    purity: str = ""
    umi: str = ""
    subject: str = ""
    code: str = ""  # the analysis that the source names, by which --assay may choose
    flowcell: str = ""
    bam: str = ""
    vcf: str = ""
    vcf_sample: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names by which an option may mean this sample."""
        return (self.sample, self.source_sample)


@dataclass(frozen=True)
class Wishes:
    """What was said on the command line: `assays` by analysis or case, '' for all others; `roles` and
    `cases` by sample."""

    assays: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    leave_out: frozenset[str] = frozenset()
    umi: str | None = None
    base: Path | None = None
    rename: bool = False
    cases: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def role(self, *names: str) -> str:
        """The role asked for a sample, by any of its names; nothing where none was."""
        return self.roles.get(self._first(names, self.roles), "")

    def assay(self, *names: str) -> str:
        """The assay asked for an analysis or a case, else the one for all others; nothing where there is none."""
        return self.assays.get(self._first(names, self.assays), "")

    def case(self, *names: str) -> str:
        """The case asked for a sample, by any of its names; nothing where none was."""
        return self.cases.get(self._first(names, self.cases), "")

    def leaves_out(self, *names: str) -> bool:
        """Whether a sample shall be left out."""
        return self._first(names, self.leave_out) is not None

    def _first(self, names: Iterable[str], known: Collection[str]) -> str | None:
        """The first name that is known, noted as used; None where none is."""
        name = next((name for name in names if name in known), None)
        self.used.update([] if name is None else [name])
        return name

    def check_used(self, known: Collection[str], findings: Findings) -> None:
        """Note names in options that are in no sheet: probably misspelt."""
        options = {
            "--role": self.roles,
            "--leave-out": self.leave_out,
            "--case": self.cases,
            "--assay": set(self.assays) - {""},
        }
        for option, names in options.items():
            for name in sorted(set(names) - self.used - set(known)):
                findings.add("the command", None, f"{option} {name}: {unknown('name', name, known)}")


class Notes:
    """What was assumed or left behind, told in the end; each with whom it is about."""

    def __init__(self) -> None:
        self.subjects: dict[str, dict[str, None]] = {}

    def add(self, text: str, *subjects: str) -> None:
        """Note an assumption, and the samples, cases or values that it was made for."""
        self.subjects.setdefault(text, {}).update(dict.fromkeys(subjects))

    def lines(self) -> list[str]:
        """One line each: text, and the first of the subjects."""
        return [f"{text}{_listed(list(subjects))}" for text, subjects in self.subjects.items()]


def _listed(subjects: list[str]) -> str:
    more = f" and {len(subjects) - SHOWN} more" if len(subjects) > SHOWN else ""
    return f": {', '.join(subjects[:SHOWN])}{more}" if subjects else ""


def choose_assays(drafts: list[Draft], known: dict[str, Assay], wishes: Wishes, findings: Findings) -> None:
    """Set the assay of every row: no sheet of another pipeline names it as we do. Notes what is not said or unknown."""
    for option, name in wishes.assays.items():
        if name not in known:
            said = f"--assay {option}={name}" if option else f"--assay {name}"
            is_viral = name in known_assays(PROJECT)
            text = f"assay '{name}' is viral; write its sheet by docs/viral.md" if is_viral else ""
            findings.add("the command", None, f"{said}: {text or unknown('assay', name, known)}")
    unsaid: dict[str, Draft] = {}
    for draft in drafts:
        name = wishes.assay(draft.code, draft.case, "")
        draft.assay = name if name in known else ""
        if not name:
            unsaid.setdefault(draft.code, draft)
    for code, draft in unsaid.items():
        option = f"--assay {code}=NAME, or --assay NAME for all" if code else "--assay NAME"
        text = f"does not say the assay{f' that {code!r} is' if code else ''}; write  {option}  (known: "
        findings.add(draft.path, draft.line if code else None, f"{text}{', '.join(sorted(known))})")


def name_lanes(drafts: list[Draft], notes: Notes) -> None:
    """Give each lane of a sample a name of its own: as the source has it, with its flow cell where that is needed."""
    by_sample: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_sample.setdefault(draft.sample, []).append(draft)
    for sample, rows in by_sample.items():
        if not any(row.lane for row in rows):
            notes.add("lanes have no name; they are numbered from L001 in the order of their rows", sample)
            for number, row in enumerate(rows, start=1):
                row.lane = f"L{number:03}"
        elif len({row.lane for row in rows}) < len(rows) and all(row.flowcell for row in rows):
            notes.add("lanes of several flow cells have the same name; they are called FLOWCELL-LANE", sample)
            for row in rows:
                row.lane = f"{row.flowcell}-{row.lane}"
        for row in rows:
            if not row.lane:
                notes.add("a lane without a name beside others with one is called L001", sample)
                row.lane = "L001"
