"""gms efficiency: what jobs asked for and what they used, and what to ask for instead."""

import argparse
import json
from pathlib import Path


def main(argv: list[str]) -> int:
    """Show for each rule what its jobs requested and used, by the benchmark files of finished runs, and lines for
    set-resources of a profile where the two differ too much. Requests are recorded by ./gms run (Snakemake's
    --benchmark-extended); of older runs only the use is known."""
    made = argparse.ArgumentParser(prog="gms efficiency", description=main.__doc__, allow_abbrev=False)
    made.add_argument("results", type=Path, nargs="+", metavar="RESULTS", help="results folders of finished runs")
    made.add_argument("--estimate", action="store_true", help="show what genomes, trios, panels and a year would need")
    made.add_argument("--json", type=Path, help="also write the figures to this file")
    options = made.parse_args(argv)
    if options.estimate:
        from gms.operations.capacity.estimate import show

        print("\n".join(show(options.results)))
        return 0
    from gms.operations.capacity.efficiency import as_json, summary, text  # with pandas
    from gms.operations.capacity.usage import jobs_table

    rules = summary(jobs_table(options.results))
    print("\n".join(text(rules)))
    if options.json:
        options.json.write_text(json.dumps(as_json(rules), indent=1) + "\n")
    return 0
