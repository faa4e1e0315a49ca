"""Page of a panel: its normals, and windows and genes that differ much between them. No names, digests only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from gms.base.json_tables import read_json
from gms.drawings.svg import INK, LINE, MUTED, RED, circle, drawing, path, svg_text
from gms.normals.members import read_members
from gms.normals.quality import limit_of, limit_of_events
from gms.variants.copy_number.correction import read_controls
from gms.variants.panel_copies.reference import OFF_TARGET, Reference, Window

CARD = "panel.json"
UNEVEN = 0.5  # log2 between normals: one copy of a window is not seen (CNVkit leaves out windows from 1.0)
THIN = 20.0  # reads
MOST_GENES, MOST_STRETCHES = 20, 20
WIDTH, LEFT, TOP, TALL, FOOT = 760, 44, 14, 150, 22


def panel_content(reference: Reference, said: Iterable[str]) -> dict[str, Any]:
    """Everything the template needs. `said`: what build_panel reports of each file."""
    own = [one for one in reference.windows if one.gene != OFF_TARGET]
    rows = [{**row, "noisy": row["noise"] > limit_of(reference.facts["quality"])} for row in reference.facts["quality"]]
    return {
        "facts": reference.facts,
        "said": [text.split("\n")[0] for text in said],  # what follows names normals
        "normals": rows,
        "drawing": noise_plot(rows),
        "windows": {
            "targets": len(own),
            "between": len(reference.windows) - len(own),
            "spread": round(median(one.spread for one in own), 3) if own else None,
            "uneven": sum(one.spread > UNEVEN for one in own),
            "thin": sum(one.depth < THIN for one in own),
        },
        "limits": {"uneven": UNEVEN, "thin": THIN},
        "genes": list(uneven_genes(own)),
    }


def genome_content(panel: Path, said: Iterable[str]) -> dict[str, Any]:
    """The same of the folder of a panel of genomes."""
    facts = read_json(panel / CARD)
    rows = {name: {"member": name} for name in facts["members"]}
    if (path := panel / "structural.vcf.gz").is_file():
        quality = read_members(path)["quality"]
        for row in quality:
            rows[row["member"]] |= {**row, "noisy": row["events"] > limit_of_events(quality)}
    content = {"facts": facts, "said": [text.split("\n")[0] for text in said], "founders": list(rows.values())}
    if not (path := panel / "copy_number.npz").is_file():
        return content
    depth = read_controls(path).facts
    for row in depth["quality"]:
        rows[row["member"]].update(
            row, noisy=row["noise"] > limit_of(depth["quality"]) or rows[row["member"]].get("noisy")
        )
    stretches = [f"{contig}:{start + 1:,}-{end:,}" for contig, start, end, _ in depth["biased"]]
    levels = [level for *_, level in depth["biased"]]
    shown = list(zip(stretches, levels, strict=True))[:MOST_STRETCHES]
    return content | {"drawing": noise_plot(depth["quality"]), "biased": shown, "stretches": len(stretches)}


def uneven_genes(windows: Sequence[Window]) -> Iterator[dict[str, Any]]:
    """Genes with windows that differ much between normals or are thin, those with most of them first."""
    by_gene: dict[str, list[Window]] = {}
    for one in windows:
        by_gene.setdefault(one.gene, []).append(one)
    counted = []
    for gene, own in by_gene.items():
        weak = sum(one.spread > UNEVEN or one.depth < THIN for one in own)
        counted.append((-weak / len(own), gene, weak, len(own)))
    for share, gene, weak, number in sorted(counted)[:MOST_GENES]:
        if share:
            yield {"gene": gene, "weak": weak, "windows": number}


def noise_plot(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Depth and noise of each normal; None without any."""
    if not rows:
        return None
    limit, deepest = limit_of(rows), max(max(row["depth"] for row in rows), 1)
    most = 1.1 * max(limit, *(row["noise"] for row in rows))
    parts = [path(f"M{LEFT} {_y(limit, most):g}H{WIDTH}", RED, 1, 'stroke-dasharray="4 3"')]
    parts.append(svg_text(WIDTH, _y(limit, most) - 4, f"noisier than the others from {limit:.2f}", "end", RED, 10))
    for value in (0, most / 2, most):
        parts.append(path(f"M{LEFT} {_y(value, most):g}H{WIDTH}", LINE, 0.5))
        parts.append(svg_text(LEFT - 4, _y(value, most) + 3, f"{value:.2f}", "end", MUTED, 10))
    for row in rows:
        x = LEFT + row["depth"] / deepest * (WIDTH - LEFT - 8)
        parts.append(circle(round(x, 1), _y(row["noise"], most), 4, RED if row["noise"] > limit else "#fff", INK))
    parts.append(svg_text(WIDTH, TOP + TALL + 16, f"depth, up to {deepest:g} reads", "end", MUTED, 10))
    words = (
        f"{len(rows)} normals, noise {min(row['noise'] for row in rows)} to {max(row['noise'] for row in rows)} log2"
    )
    return drawing(WIDTH, TOP + TALL + FOOT, "Noise of each normal by its depth", words, parts)


def _y(value: float, most: float) -> float:
    return round(TOP + TALL * (1 - value / most), 1)
