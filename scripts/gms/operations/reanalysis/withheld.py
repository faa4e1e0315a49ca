"""What the changes of a case do not name: variants that its report withholds, or that the patient does not carry."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from gms.filtering import inherited


def withholding(after: Mapping[str, Any], secondary: Collection[str]) -> Callable[[Collection[str], Any], bool]:
    """Whether a variant of these genes, with its record in the filtered VCF now or None, is not named beyond what the
    new report shows. `secondary`: genes whose findings need the proband's agreement; those that only HPO terms ask for
    are withheld, too."""
    case, told = after.get("case", {}), after.get("secondary_findings") or {}
    unasked = set(secondary).difference(after.get("gene_list") or ()) if told.get("handling") == "withheld" else set()

    def is_withheld(genes: Collection[str], record: Any) -> bool:
        if record and inherited.FLAG in record.flags and case.get("germline_findings") != "yes":
            return True
        return not unasked.isdisjoint(genes) or case.get("kind") == "germline" and bool(record) and not record.carried

    return is_withheld
