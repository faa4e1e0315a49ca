"""Of viewers/{case}/: the load config of a case for `scout load case`, its VCFs and tracks.

Keys are those of Scout's CaseLoader and SampleLoader (scout/models/case/case_loading_models.py, 2024-2026).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from gms.base.json_tables import read_json
from gms.base.results import named
from gms.filtering.pairs import EXTENDS, SAME_EVENT
from gms.genome.gene_effects import effects_of
from gms.genome.ploidy import MITOCHONDRION
from gms.genome.vcf import info_value, record_lines, write_vcf
from gms.viewers.consequences import read_genes
from gms.viewers.scout_records import Known, Shown, category_points, ranked_findings, scout_lines

# Key of the load config -> results that its VCF is made of. Of repeats every locus, as Scout shows normal ones, too.
VCFS = {
    "vcf_snv": ("reported", "mitochondrial_reported"),
    "vcf_sv": ("structural_reported", "copy_number_reported", "mitochondrial_reported"),
    "vcf_str": ("repeats_filtered",),
}
_AFFECTED = {"yes": "affected", "no": "unaffected"}
_GREY, _BLUE = "128,128,128", "0,90,200"


def write_scout(results: Path, case: str, genes: Path, institute: str, build: str) -> list[Path]:
    """Write the files of a finished case; the load config first. `genes`: gene models (GFF3) of the run; `build`: 37
    or 38."""
    folder = results / named("viewers").at(case=case)
    folder.mkdir(parents=True, exist_ok=True)
    document = read_json(results / named("findings").at(case=case))
    sources = {key: list(_sources(results, case, names)) for key, names in VCFS.items()}
    wanted = {name for paths in sources.values() for path in paths for name in _transcripts(path)}
    known = _ranked(Known(case, read_genes(genes, results / named("transcripts").path, wanted), {}), document)
    shown = {}
    if document.get("secondary_findings"):
        shown = dict.fromkeys(("vcf_snv", "vcf_sv"), Shown(document, [*sources["vcf_snv"], *sources["vcf_sv"]]))
    made = {}
    for key, paths in sources.items():
        if paths:
            made[key] = folder / f"{key.removeprefix('vcf_')}.vcf.gz"
            kinds = {"vcf_snv": _small(paths), "vcf_sv": _large_once(paths)}
            write_vcf(scout_lines(paths, known, kinds.get(key, lambda fields: True), shown.get(key)), made[key])
    tracks = write_tracks(results, case, folder)
    config = load_config(results, document, institute, build)
    config["samples"][0] |= {key: str(path) for key, path in tracks.items()}
    config |= {key: str(path) for key, path in made.items()}
    path = folder / "scout.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True))
    return [path, *made.values(), *tracks.values()]


def _ranked(known: Known, document: Mapping[str, Any]) -> Known:
    """With scores and points of what the report ranks."""
    found = dict(ranked_findings(document))
    scores = {name: one["score"] for name, one in found.items()}
    points = {name: category_points(one) for name, one in found.items() if one.get("score_terms")}
    return known._replace(scores=scores, points=points)


def _sources(results: Path, case: str, names: tuple[str, ...]) -> Iterator[Path]:
    """Those results that the case has."""
    return (path for name in names if (path := results / named(name).at(case=case)).is_file())


def _transcripts(path: Path) -> Iterator[str]:
    for fields in _records(path):
        yield from (effect.get("TRANSCRIPT", "") for effect in effects_of(fields[7]))


def _small(paths: Iterable[Path]) -> Callable[[list[str]], bool]:
    """Whether a record is of bases. Of the mitochondrion only those of its own class, where there is one, count: they
    have the fractions."""
    others = [path for path in paths if "mitochondrial" in path.parts]
    left_out = MITOCHONDRION if others else ()
    return lambda fields: fields[4][0] != "<" and (fields[0] not in left_out or "CALLERS=mitocounts" in fields[7])


def _large_once(paths: Iterable[Path]) -> Callable[[list[str]], bool]:
    """Whether a record is of a large event that no other class of the case reports as well."""
    seen = {":".join((one[0], one[1], one[3], one[4])) for path in paths for one in _records(path)}
    return lambda fields: (
        (fields[4][0] == "<" or "SVTYPE=" in fields[7])
        and (info_value(fields[7], SAME_EVENT) not in seen or EXTENDS in fields[7].split(";"))
    )


def _records(path: Path) -> Iterator[list[str]]:
    """Columns of the records."""
    return (line.rstrip("\n").split("\t") for line in record_lines(path))


def load_config(results: Path, document: Mapping[str, Any], institute: str, build: str) -> dict[str, Any]:
    """The load config without paths of VCFs; only what the results know."""
    case = document["case"]["case"]
    roles = {sample["role"]: sample["sample"] for sample in document["samples"]}
    smn = {one["sample"]: _smn(one) for one in document.get("smn", ())}
    config = {
        "owner": institute,
        "family": case,
        "family_name": case,
        "human_genome_build": build,
        "track": "rare",
        "analysis_date": document["case"]["analysed"],
        "samples": [_sample(results, one, roles) | smn.get(one["sample"], {}) for one in document["samples"]],
        "delivery_report": str(results / named("report").at(case=case)),
    }
    if (page := results / named("multiqc").path).is_file():
        config["multiqc"] = str(page)
    if terms := (document.get("phenotype") or {}).get("terms"):
        config["phenotype_terms"] = [term["term"] for term in terms]
    for key, facts in (("rank_model_version", document.get("ranking")), ("sv_rank_model_version", _large(document))):
        if facts:
            config[key] = str(facts["model"]["version"])
    return config


def _large(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Ranking of structural variants or copy numbers."""
    classes = document.get("classes", ())
    return next((one["ranking"] for one in classes if one["variants"] in _RANKED and one.get("ranking")), None)


_RANKED = ("structural", "copy_number")


def _sample(results: Path, sample: Mapping[str, Any], roles: Mapping[str, str]) -> dict[str, Any]:
    name, role = sample["sample"], sample["role"]
    is_child = role in ("proband", "sibling", "twin")
    found = {
        "sample_id": name,
        "sample_name": name,
        "analysis_type": "wgs",
        "sex": sample.get("sex") or "unknown",
        "phenotype": _AFFECTED.get(sample.get("affected"), "unknown"),
        "father": roles.get("father", "0") if is_child else "0",
        "mother": roles.get("mother", "0") if is_child else "0",
    }
    if (cram := results / named("cram").at(sample=name)).is_file():
        found["alignment_path"] = str(cram)
    return found


def _smn(counted: Mapping[str, Any]) -> dict[str, Any]:
    """Copies of SMN1 and SMN2, and what they prove. One copy may have a small variant (SMA), and two may lie on one
    chromosome (a carrier): neither is denied."""
    one, two = (result["value"] for result in counted["results"])
    if one is None:
        return {}
    proven = {0: {"is_sma": "True", "is_sma_carrier": "False"}, 1: {"is_sma_carrier": "True"}}
    hint = (counted.get("evidence") or {}).get("g27134") or {}
    known = {} if hint.get("copies") is None else {"smn_27134_cn": hint["copies"]}
    return {"smn1_cn": one, "smn2_cn": two, **known} | proven.get(one, {"is_sma": "False"})


def write_tracks(results: Path, case: str, folder: Path) -> dict[str, Path]:
    """BED files of homozygous regions and of uniparental disomy of the person investigated, those that there are."""
    path = results / named("regions").at(case=case)
    if not path.is_file():
        return {}
    regions = read_json(path)
    runs = [(one, "one copy" if one["one_copy"] else "homozygous", _GREY) for one in regions["runs"]]
    disomies = [(one, f"{one['kind']} {one['parent']}", _BLUE) for one in regions["uniparental"]]
    made = {}
    for key, rows in (("rhocall_bed", runs), ("upd_regions_bed", disomies)):
        made[key] = folder / f"{'roh' if rows is runs else 'upd'}.bed"
        made[key].write_text("".join(_bed_line(*row) for row in rows))
    return made


def _bed_line(region: Mapping[str, Any], name: str, colour: str) -> str:
    """BED of nine columns, 0-based half-open; regions are 1-based."""
    start, end = region["start"] - 1, region["end"]
    place = [region["contig"].removeprefix("chr"), str(start), str(end), name]
    return "\t".join([*place, "0", ".", str(start), str(end), colour]) + "\n"
