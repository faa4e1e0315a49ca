"""Quality of the normals of a panel: depth and noise, and which of them is unlike the others."""

from pathlib import Path

import numpy as np

from gms.normals.members import Normal, member
from gms.normals.page import panel_content
from gms.normals.quality import quality_of, unlike
from gms.variants.panel_copies.reference import OFF_TARGET, Reference, Window


def test_a_noisy_normal_is_named_to_the_user_and_by_its_digest_in_the_file():
    generator = np.random.default_rng(2)
    genes = [OFF_TARGET if number % 4 == 0 else "A" for number in range(200)]
    windows = [Window("chr1", 1_000 * at, 1_000 * at + 200, gene, *[0.0] * 5) for at, gene in enumerate(genes)]
    noises = [0.1, 0.1, 0.5, 0.1, 0.12, 0.1]
    depths = [list(300 * generator.lognormal(0, noise * np.log(2), 200)) for noise in noises]
    normals = [Normal(Path(), f"N{number}") for number in range(len(noises))]
    rows = quality_of(normals, ["female"] * 6, windows, depths)
    assert [row["member"] for row in rows] == sorted(member(normal.name) for normal in normals)
    noisy = next(row for row in rows if row["member"] == member("N2"))
    assert 0.4 < noisy["noise"] < 0.6 and 250 < noisy["depth"] < 350
    (said,) = unlike(normals, rows)
    assert said.startswith(f"N2 is noisier than the others ({noisy['noise']} log2, usual 0.")


def test_the_page_of_a_panel_shows_normals_and_weak_genes():
    noises = (0.1, 0.1, 0.6)
    rows = [{"member": f"{n:040x}", "sex": "male", "depth": 300.0, "noise": noise} for n, noise in enumerate(noises)]
    even, uneven, thin = (Window("chr1", 0, 9, "A", 0, 300, 0.5, 0, spread) for spread in (0.1, 0.9, 0.1))
    windows = (even, uneven, thin._replace(gene="B", depth=3.0), even._replace(gene=OFF_TARGET, spread=2.0))
    content = panel_content(Reference({"quality": rows}, windows), ["a\n  N1 is noisier"])
    assert [row["noisy"] for row in content["normals"]] == [False, False, True]
    assert content["drawing"].count("<circle") == 3 and content["said"] == ["a"]
    assert content["windows"] == {"targets": 3, "between": 1, "spread": 0.1, "uneven": 1, "thin": 1}
    assert content["genes"] == [{"gene": "B", "weak": 1, "windows": 1}, {"gene": "A", "weak": 1, "windows": 2}]
