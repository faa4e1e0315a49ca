"""How a report describes a mitochondrial variant."""


def finding_type(ref: str, alt: str) -> str:
    """snv, insertion, deletion or duplication, as in report.schema.json."""
    if alt.startswith("<"):
        return "deletion" if alt == "<DEL>" else "duplication"
    return "snv" if len(ref) == len(alt) == 1 else "insertion" if len(alt) > len(ref) else "deletion"
