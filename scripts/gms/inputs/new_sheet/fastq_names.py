"""Sample, lane and mate by the name of a FASTQ file, as Illumina, MGI, Element and archives name them."""

import re
from typing import NamedTuple

ENDING = re.compile(r"\.(fastq|fq)(\.gz)?$", re.IGNORECASE)
# bcl2fastq and BCL Convert: NA1_S7_L001_R1_001, without lanes NA1_S7_R1_001; CASAVA: NA1_ACGTAC_L001_R1_001.
ILLUMINA = re.compile(
    r"^(?P<sample>.+)_(?:S(?P<number>\d+)|[ACGTN+-]{6,}|NoIndex)(?:_(?P<lane>L\d{3}))?_(?P<mate>[RI]\d)_(?P<chunk>\d{3})$"
)
# MGI: flow cell, lane, barcode: V350012345_L01_33_1, E100024251_L01_UDB-104_2.
MGI = re.compile(r"^(?P<flowcell>[A-Z]{1,3}\d{8,}[A-Z]{0,3})_(?P<lane>L\d{2})_(?P<barcode>[A-Za-z0-9-]+)_(?P<mate>\d)$")
# Element NA1_R1, NA1_L1_R2; archives SRR1234567_1; others NA1.R1, NA1_FLOWCELL_L4_2, NA1_R1_001.
OTHER = re.compile(
    r"^(?P<sample>.+?)(?:[._-](?P<lane>L\d{1,3}))?[._-](?P<mate>R\d|I\d|[12])(?:[._](?P<chunk>\d{3}))?$", re.IGNORECASE
)
# What programs call reads of no sample, and of the control.
NO_SAMPLE = re.compile(r"^(undetermined|unassigned|unknown|ambiguous|discarded|phix)$", re.IGNORECASE)
ILLUMINA_READ = re.compile(rb"^@[^:\s]+:[^:\s]*:([A-Za-z0-9-]+):(\d+):\d+:")  # Element's are the same
MGI_READ = re.compile(rb"^@([A-Z]{1,3}\d{6,}[A-Z]{0,3})L(\d)C\d{3}R\d")


class FastqName(NamedTuple):
    """The parts of a name, empty where it has none. `mate` is R1, R2, R3, I1 …; `lane` L001, L01 or L1; `number` is
    Illumina's S number; `pair` is the name without its mate, which the two files of a lane share."""

    sample: str
    mate: str
    pair: str
    lane: str = ""
    chunk: str = ""
    number: str = ""
    is_barcode: bool = False  # the sample is known by flow cell and barcode only

    @property
    def is_of_no_sample(self) -> bool:
        """Whether these are reads without a barcode that is known, or of the control."""
        return bool(NO_SAMPLE.match(self.sample))


def parse(name: str) -> FastqName | None:
    """The parts of a file's name; None where it has no mate, as single reads and interleaved pairs have none."""
    stem = ENDING.sub("", name)
    if found := MGI.match(stem):
        sample = f"{found['flowcell']}-{found['barcode']}"
        return _name(found, "NoBarcode" if found["barcode"] == "read" else sample, is_barcode=True)
    if found := ILLUMINA.match(stem):
        return _name(found, found["sample"], chunk=found["chunk"], number=found["number"] or "")
    if found := OTHER.match(stem):
        return _name(found, found["sample"], chunk=found["chunk"] or "")
    return None


def _name(found: re.Match, sample: str, **more) -> FastqName:
    mate = found["mate"].upper()
    pair = f"{found.string[: found.start('mate')]}#{found.string[found.end('mate') :]}"
    lane = (found["lane"] or "").upper()
    return FastqName(sample, mate if mate[0] in "RI" else f"R{mate}", pair, lane, **more)


def flowcell_and_lane(read: bytes) -> tuple[str, str]:
    """Flow cell and lane in a read's name (with @) as Illumina, Element and MGI write it; empty where it has none."""
    found = ILLUMINA_READ.match(read) or MGI_READ.match(read)
    return (found[1].decode(), f"L{int(found[2]):03}") if found else ("", "")
