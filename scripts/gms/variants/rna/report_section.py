"""How a report describes a fusion or a splice event in RNA."""


def finding_type(ref: str, alt: str) -> str:
    """breakend of a fusion, deletion of exons that are left out, as in report.schema.json."""
    return "deletion" if alt == "<DEL>" else "breakend"
