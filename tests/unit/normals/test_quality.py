"""Quality of the normals of a panel: depth and noise, and which of them is unlike the others."""

from pathlib import Path

import numpy as np

from gms.normals.members import Normal, member
from gms.normals.quality import quality_of, unlike
from gms.variants.panel_copies.reference import OFF_TARGET, Window


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
