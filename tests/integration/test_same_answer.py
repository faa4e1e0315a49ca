"""The answer depends neither on the number of cores nor on how the genome is cut into pieces."""

import pytest
import runs

CASES = {"rare-trio": ["rare-proband", "rare-mother", "rare-father"], "myeloid-deep": ["myeloid-tumor"]}
PIECE_SIZE = 3_001  # bases: cuts genes and targets at uneven places
RULES = ("call_bcftools", "call_freebayes", "merge_variants")


@pytest.fixture(scope="module")
def folder(mini, tmp_path_factory):
    """Both cases in one folder of results, made anew by each test."""
    return runs.subset(mini, tmp_path_factory.mktemp("same") / "data", list(CASES))


def differences(finished, folder):
    """case -> files that differ from those of the run of everything on two cores."""
    found = {
        case: runs.different(*(runs.bodies(one, case, samples) for one in (finished.results, folder / "results")))
        for case, samples in CASES.items()
    }
    return {case: names for case, names in found.items() if names}


def test_one_core(finished, folder):
    targets = [name for case in CASES for name in (f"reported/{case}.vcf.gz", f"qc/{case}.case.json")]
    done = runs.run(folder, *targets, cores=1)
    assert done.returncode == 0, done.stdout
    assert differences(finished, folder) == {}


def test_small_pieces(finished, folder):
    """Goes on from the alignments of the test above: they know no pieces."""
    targets = [f"reported/{case}.vcf.gz" for case in CASES]
    sizes = [f"{rule}:piece_size={PIECE_SIZE}" for rule in RULES]
    done = runs.run(folder, *targets, "--forcerun", *RULES, "--set-resources", *sizes)
    assert done.returncode == 0, done.stdout
    assert len(list((folder / "results" / "logs").glob("call_*/*.log"))) == 4
    assert differences(finished, folder) == {}
