"""What the changes of a case do not name: variants that its report withholds, or that the patient does not carry."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from gms.filtering import inherited


def withholding(after: Mapping[str, Any], secondary: Collection[str]) -> Callable[[Mapping[str, Any], Any], bool]:
    """Whether a finding, with its record in the filtered VCF now or None, is not named beyond what the new report has.
    `secondary`: genes whose findings need the proband's agreement; of those that only HPO terms ask for, findings that
    were reported are named. So is a reported one that the proband is no longer found to carry."""
    case, told = after.get("case", {}), after.get("secondary_findings") or {}
    unasked = set(secondary).difference(after.get("gene_list") or ()) if told.get("handling") == "withheld" else set()

    def is_withheld(found: Mapping[str, Any], record: Any) -> bool:
        if record and inherited.FLAG in record.flags and case.get("germline_findings") != "yes":
            return True
        if not unasked.isdisjoint(found["genes"]) and not found.get("phenotypes"):
            return True
        return case.get("kind") == "germline" and bool(record) and not (record.carried or found["reported"])

    return is_withheld
