"""What a family may take away from what the child alone would have had reported: only what certain genotypes exclude.

Random families, depths and genotypes go through the fields of annotation.family and the policy wgs_rare. The quick
tests see some of them, those of tests/integration 10,000 for each law.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from gms.families.info_fields import HEADER, Family
from gms.families.relatives import Member, state
from gms.filtering.apply import make_layout
from gms.filtering.compile import compile_candidates, compile_judge
from gms.filtering.pairs import find_partners, half, paired
from gms.filtering.policy import load_policy

POLICY = load_policy(Path(__file__).parents[2] / "config" / "filters" / "wgs_rare.yaml")
PEDIGREES = [
    ("mother", "father"),
    ("mother",),
    ("father",),
    ("mother", "father", "sibling"),
    ("mother", "sibling", "sibling"),
    ("sibling",),
    ("mother", "half-sibling", "twin"),
]
KEYS = "GT:AD:DP:AF:GQ:ADF:ADR"
PLACES = [("chr1", 100), ("chr1", 100), ("chrX", 50_000), ("chrX", 80_000), ("chrY", 5_000), ("chrM", 100)]
CONTIGS = {"chrX": 100_000}
SEXES = ("female", "male", "unknown", "female", "male", "unknown", "XX", "XY", "X", "XXY", "XYY")


def column(rng: random.Random, genotypes: str) -> str:
    """A sample column with a genotype of any depth and quality, now and then without any."""
    if rng.random() < 0.1:
        return "./.:0,0:0:.:.:0,0:0,0"
    genotype, depth = rng.choice(genotypes), rng.choice((3, 9, 10, 30, 30))
    share = {"0": 0, "h": rng.choice((0.5, 0.2)), "1": 1, "m": 0.07}[genotype]
    alt = round(depth * share)
    text = {"0": "0/0", "m": "0/0", "h": "0/1", "1": "1/1"}[genotype]
    return f"{text}:{depth - alt},{alt}:{depth}:{alt / depth:.4f}:{rng.choice((19, 20, 99, 99))}:1,1:1,1"


def child_column(rng: random.Random) -> str:
    return rng.choice((f"0/1:15,15:30:0.5000:{rng.choice((15, 99))}:7,8:8,7", "1/1:0,30:30:1.0000:99:0,15:0,15"))


def records(rng: random.Random, members: int) -> list[list[str]]:
    """One to three records of a gene: the child carries each."""
    contig, start = rng.choice(PLACES)
    info = "GENE=G;CONSEQUENCE=stop_gained;IMPACT=HIGH;MQ_ALT=60;END_ALT=30;SBP=0;RPT=1;CALLERS=a,b"
    return [
        [contig, str(start + 10 * n), ".", "A", "T", "60", ".", info, KEYS, child_column(rng)]
        + [column(rng, "00hh1m") for _ in range(members)]
        for n in range(rng.choice((1, 2, 2, 3)))
    ]


class Reporting:
    """The policy, for one set of roles."""

    def __init__(self, roles: tuple[str, ...]):
        names = [f"{role}{n}" for n, role in enumerate(roles)]
        header = [*HEADER.splitlines(), "##gms_parts=genes,family"]
        header.append("\t".join(["#CHROM", *["POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"], *names]))
        layout = make_layout(Path("x"), header, dict(reversed(list(zip(roles, names, strict=True)))), None)
        self.candidate, self.judge = compile_candidates(POLICY, layout), compile_judge(POLICY, layout)

    def __call__(self, members: list[Member], lines: list[list[str]]) -> dict[str, str]:
        """Position of each record -> FILTER."""
        family = Family(members, CONTIGS, frozenset())
        made = ["\t".join(family.annotated(list(line), ["G"])) for line in lines]
        partners = find_partners((known[0], half(line)) for line in made if (known := self.candidate(line)))
        judged = (self.judge(paired(line, partners))[0].split("\t") for line in made)
        return {fields[1]: fields[6] for fields in judged}


def families(seed: int, number: int) -> Iterator[tuple]:
    """Random source, members, records, and what is reported of a family as it is and of the child alone, for each."""
    rng = random.Random(seed)
    ways = {roles: Reporting(("proband", *roles)) for roles in PEDIGREES}
    alone = Reporting(("proband",))
    for _ in range(number):
        roles = rng.choice(PEDIGREES)
        members = [Member("proband", rng.choice(SEXES), "yes")]
        for role in roles:
            sex = {"mother": "female", "father": "male"}.get(role) or rng.choice(SEXES)
            members.append(Member(role, sex, rng.choice(("no", "no", "yes", "unknown"))))
        yield rng, members, records(rng, len(roles)), ways[roles], alone


def reported(verdicts: dict[str, str]) -> set[str]:
    return {pos for pos, flags in verdicts.items() if flags == "PASS"}


def may_exclude(member: Member, text: str) -> bool:
    """Whether a genotype can exclude anything: an unaffected carrier, an ill sibling without it. Certain ones only."""
    known = state(KEYS, text)
    if member.affected == "no":
        return known in ("one_copy", "two_copies")
    return member.role in ("sibling", "twin") and member.affected == "yes" and known == "without"


def taken_away_by_certain_genotypes(number: int) -> tuple[int, int]:
    """A family takes away only what certain genotypes exclude. Records that are kept, and that are taken away."""
    kept = lost = 0
    for _, members, lines, report, alone in families(1, number):
        before = reported(alone(members[:1], [line[:10] for line in lines]))
        after = reported(report(members, lines))
        assert after <= before
        for line in lines:
            if line[1] in before - after:
                assert any(map(may_exclude, members[1:], line[10:])), (members, lines)
                lost += 1
        kept += len(after)
    return kept, lost


def kept_where_a_genotype_gets_lost(number: int) -> int:
    """A genotype that gets lost takes nothing away. Records that were reported before."""
    kept = 0
    for rng, members, lines, report, _ in families(2, number):
        before = reported(report(members, lines))
        line, column = rng.choice(lines), rng.randrange(1, len(members))
        line[9 + column] = rng.choice(("./.:0,0:0:.:.:0,0:0,0", "0/0:8,0:8:0.0:24:4,0:4,0", "0/1:5,3:8:0.3:50:3,1:2,2"))
        assert before <= reported(report(members, lines)), (members, lines, column)
        kept += len(before)
    return kept


def kept_where_a_parent_is_not_unaffected(number: int) -> int:
    """A status that is not "unaffected" takes nothing away. Records that were reported before."""
    kept = 0
    for _, members, lines, report, _ in families(3, number):
        before = reported(report(members, lines))
        for affected in ("yes", "unknown"):
            parents = [m._replace(affected=affected) if m.role in ("mother", "father") else m for m in members]
            assert parents == members or before <= reported(report(parents, lines)), (affected, members, lines)
        kept += len(before)
    return kept


def check(number: int) -> None:
    """Each law for `number` families, with enough records that it could be broken."""
    kept, lost = taken_away_by_certain_genotypes(number)
    assert kept > number / 2 and lost > number / 20
    assert kept_where_a_genotype_gets_lost(number) > number / 2
    assert kept_where_a_parent_is_not_unaffected(number) > number / 2
