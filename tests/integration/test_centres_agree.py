"""The ring trial of the centres: all profiles, less those whose cluster cannot be started here, and a local run."""

import runs
from clusters.centres import CASE


def test_all_centres_report_the_same_numbers(finished, centres, tmp_path):
    ended = [centre for name, centre in centres.runs.items() if ":" not in name]
    for centre in ended:
        assert centre.done.returncode == 0, centre.done.stdout
    results = [finished.results, *(centre.results for centre in ended)]
    page = tmp_path / "ring.html"
    trial = runs.gms("ring-trial", *results, "--cases", CASE, "--page", page)
    assert trial.returncode == 0, trial.stdout
    assert f"Identical: all {len(results)} centres give the same answer to 1 case." in trial.stdout
    assert page.is_file()
