"""How a report describes a small variant."""


def finding_type(ref: str, alt: str) -> str:
    """snv, mnv, insertion, deletion or indel, as in report.schema.json."""
    if len(ref) == len(alt):
        return "snv" if len(ref) == 1 else "mnv"
    return "insertion" if len(alt) > len(ref) == 1 else "deletion" if len(ref) > len(alt) == 1 else "indel"
