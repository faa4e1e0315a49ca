"""From the output of delly and TIDDIT to the callers' VCF of the class, and from that to events.

The callers' VCF has a line for each junction, INFO/JOIN with its sides, and no genotypes: those are counted alike for
all callers (evidence.py).
"""

from collections.abc import Iterable, Iterator, Mapping

from gms.base.errors import GmsError
from gms.genome.vcf import MATE, header_lines, info, kept_sides
from gms.variants.structural.events import MIN_LENGTH, Breakend, Event, kind_of
from gms.variants.structural.header import CALLER_HEADER

_SIDES = {"DEL": "35", "DUP": "53", "DUP:TANDEM": "53"}
_NOT_TAKEN = ("INS", "DUP:INV")  # these callers find few of them, and give no bases


class UnsupportedAllele(GmsError):
    """A record that the class cannot hold."""

    def __init__(self, caller: str, fields: list[str]):
        super().__init__(
            f"{caller}: {fields[0]}:{fields[1]} has ALT {fields[4]}, which is not a structural variant. "
            "Small variants belong under callers: small:, not structural:."
        )


def contract_lines(caller: str, lines: Iterable[str], contigs: Mapping[str, int]) -> Iterator[str]:
    """The callers' VCF from what `caller` printed: sorted, each junction once. Raises UnsupportedAllele."""
    yield from header_lines(contigs, CALLER_HEADER, [])
    order = {name: number for number, name in enumerate(contigs)}
    events = {event for line in lines if not line.startswith("#") for event in caller_events(caller, line, order)}
    for event in sorted(events, key=lambda one: (order[one.first.contig], one.first.cut, repr(one))):
        yield contract_line(event)


def caller_events(caller: str, line: str, order: Mapping[str, int]) -> Iterator[Event]:
    """Junctions of one record of a caller, of 50 bases and more; an inversion of TIDDIT has both. `order`: contigs."""
    fields = line.rstrip("\n").split("\t")
    values = info(fields[7])
    kind = values.get("SVTYPE", "")
    if not kind:
        raise UnsupportedAllele(caller, fields)
    if kind in _NOT_TAKEN:
        return
    width = max((abs(int(part)) for part in values.get("CIPOS", "0").split(",")), default=0)
    width = width if "IMPRECISE" in values else 0
    if caller == "tiddit" and values.get("LTE", "0,0").endswith(",0"):  # pairs, and no split read
        width = 200
    for first, second in _junctions(fields, kind, values):
        if (order[first.contig], first.cut) > (order[second.contig], second.cut):
            first, second = second, first
        event = Event(kind_of(first, second), first, second, (caller,), width, fields[6] in ("PASS", "."))
        if event.kind == "BND" or event.length >= MIN_LENGTH:
            yield event


def _junctions(fields: list[str], kind: str, values: Mapping[str, str]) -> Iterator[tuple[Breakend, Breakend]]:
    contig, pos = fields[0], int(fields[1])
    if mate := MATE.search(fields[4]):
        here, there = kept_sides(fields[4])
        yield _breakend(contig, pos, here), _breakend(mate[1], int(mate[2]), there)
        return
    end, sides = int(values.get("POS2", values.get("END", pos))), values.get("CT", "").replace("to", "")
    for pair in [sides or _SIDES.get(kind, "")] if kind != "INV" or sides else ["33", "55"]:
        yield _breakend(contig, pos, pair[0]), _breakend(values.get("CHR2", contig), end, pair[1])


def _breakend(contig: str, pos: int, side: str) -> Breakend:
    """`pos`: the base that is kept, 1-based."""
    return Breakend(contig, pos if side == "3" else pos - 1, side)


def contract_line(event: Event) -> str:
    """The line of a junction."""
    first, second = event.first, event.second
    fields = {"SVTYPE": event.kind, "JOIN": f"{first.side}to{second.side}", "CHR2": second.contig}
    fields |= {"CUT": f"{first.cut},{second.cut}", "CIPOS": f"{-event.width},{event.width}"}
    alt = f"<{event.kind}>" if event.kind != "BND" else breakend_allele("N", first, second)
    state = "PASS" if event.passed else "LowQual"
    text = ";".join(f"{key}={value}" for key, value in fields.items())
    return "\t".join([first.contig, str(max(1, first.cut)), ".", "N", alt, ".", state, text]) + "\n"


def read_event(line: str, caller: str) -> Event:
    """The event of a line of a callers' VCF."""
    fields = line.rstrip("\n").split("\t")
    values = info(fields[7])
    sides, cuts = values["JOIN"].split("to"), [int(cut) for cut in values["CUT"].split(",")]
    ends = [Breakend(*end) for end in zip((fields[0], values["CHR2"]), cuts, sides, strict=True)]
    width = int(values["CIPOS"].split(",")[1])
    return Event(values["SVTYPE"], ends[0], ends[1], (caller,), width, fields[6] == "PASS")


def breakend_allele(base: str, here: Breakend, there: Breakend) -> str:
    """ALT of a breakend (VCF 4.3, section 5.4); `base` is the one at its position."""
    bracket = "[" if there.side == "5" else "]"
    mate = f"{bracket}{there.contig}:{there.pos}{bracket}"
    return f"{base}{mate}" if here.side == "3" else f"{mate}{base}"
