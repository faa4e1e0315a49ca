"""The ring trial of the centres: a local run, and those of the profiles whose clusters can be started here."""

import pytest
import runs
from clusters.centres import CASE


def test_all_centres_report_the_same_numbers(finished, centres, tmp_path):
    ended = [centre for name, centre in centres.runs.items() if ":" not in name]
    if not ended:
        pytest.skip("no scheduler is installed here")
    for centre in ended:
        assert centre.done.returncode == 0, centre.done.stdout
    results = [finished.results, *(centre.results for centre in ended)]
    page = tmp_path / "ring.html"
    trial = runs.gms("ring-trial", *results, "--cases", CASE, "--page", page)
    assert trial.returncode == 0, trial.stdout
    assert f"Identical: all {len(results)} centres give the same answer to 1 case." in trial.stdout
    assert page.is_file()
