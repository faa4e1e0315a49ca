"""python -m gms.validation.demo_data OUTDIR: make the miniature data set, with the same bytes on every machine."""

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from gms.validation.demo_data import copy_number
from gms.validation.demo_data.cases import CASES
from gms.validation.demo_data.measures import write_measures
from gms.validation.demo_data.plasma import rows, write_plasma
from gms.validation.demo_data.references import panel_regions, write_references
from gms.validation.demo_data.samples import World, write_sample
from gms.validation.demo_data.settings import write_settings
from gms.validation.demo_data.sharing import write_sharing
from gms.validation.demo_data.trials import write_trials
from gms.validation.demo_data.truth import write_truth
from gms.validation.demo_genome.genome import make_genome
from gms.validation.demo_genome.population import make_population, planted_elsewhere
from gms.validation.demo_genome.variants import resolve
from gms.validation.demo_virus.plate import write_plate


def make_world() -> World:
    """The genome and its population."""
    genome = make_genome()
    planted = [resolve(genome, planted.gene, planted.change) for case in CASES for planted in case.planted]
    return World(genome, make_population(genome, [*planted, *planted_elsewhere(genome)]))


def make_data_set(folder: Path, share: int = 1, workers: int = 2) -> None:
    """Everything below `folder`; with `share` only one part in so many of the reads."""
    world = make_world()
    (folder / "fastq").mkdir(parents=True, exist_ok=True)
    write_references(world.genome, world.population, folder / "reference")
    regions = panel_regions(*world, copy_number.PANEL)
    write_truth(world.genome, regions, folder / "truth")
    write_measures(world.genome, folder)
    write_settings(folder, rows())
    write_sharing(folder)
    write_plate(folder)
    write_trials(folder)
    normals = folder / "reference" / f"copy_number_{copy_number.PANEL}.tsv"
    samples = [(case, member) for case in CASES for member in case.members]
    samples.sort(key=lambda pair: -pair[1].depth)
    with ProcessPoolExecutor(workers) as pool:
        made = [pool.submit(copy_number.write_normals, *world, regions, normals)]
        made += [pool.submit(write_plasma, *world, folder, share)]
        made += [pool.submit(write_sample, world, case, member, folder, share) for case, member in samples]
        for done in made:
            done.result()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m gms.validation.demo_data", description="Make the miniature data set (synthetic)."
    )
    parser.add_argument("folder", type=Path, help="where to write it, for example demo")
    make_data_set(parser.parse_args().folder)


if __name__ == "__main__":
    main()
