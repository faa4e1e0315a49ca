"""Files that ranks are made from, checked before the first job."""

from gms.base.problems import Findings
from gms.inputs.assay_files import RANK_MODELS
from gms.inputs.run_model import Run
from gms.ranking.model import read_model
from gms.ranking.phenotypes import NoPhenotypeTable, phenotype_columns
from gms.ranking.secondary import NoSecondaryGenes, read_secondary_genes


def check_ranking(run: Run, findings: Findings) -> None:
    """Note rank models that cannot be used, and a file that is no table of HPO terms. Files that are not there are
    noted with the other parts of assays and reference."""
    models = {getattr(assay, key) for assay in run.assays.values() for key in RANK_MODELS.values()}
    for path in sorted(path for path in models if path and path.is_file()):
        read_model(path, findings)
    for path in sorted({assay.secondary_genes for assay in run.assays.values()} - {None}):
        try:
            if path.is_file():
                read_secondary_genes(path)
        except NoSecondaryGenes as wrong:
            findings.add(path, None, wrong.reason)
    table = run.reference.phenotypes
    if table and table.is_file() and table.stat().st_size:
        try:
            phenotype_columns(table)
        except NoPhenotypeTable as wrong:
            findings.add(table, 1, wrong.reason)
