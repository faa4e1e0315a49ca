"""How a report describes a repeat."""


def finding_type(ref: str, alt: str) -> str:
    """repeat, as in report.schema.json."""
    return "repeat"
