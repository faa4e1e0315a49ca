"""Plates of viral samples in a reanalysis: what they rest on, and what cannot be made again from alignments."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.json_tables import read_json
from gms.base.results import named
from gms.inputs.run_model import Plate, Run, ViralAssay
from gms.operations.reanalysis.folder import Reanalysis
from gms.operations.reanalysis.knowledge import Difference, file_difference, workflow_difference
from gms.report.run_record import virus_facts

_FILES = {"genes": "genes", "marks": "list of mutations"}
_TYPING = {"pangolin": "pangolin", "nextclade": "Nextclade", "nextclade_dataset": "data set of Nextclade"}
_RUN = "run"  # by the workflow, with whatever data the tool has


class OtherReads(GmsError):
    """A plate that would need its reads again."""

    def __init__(self, plate: str, reason: str):
        super().__init__(
            f"plate {plate}: {reason}. A reanalysis starts from alignments; start a new run for this plate"
        )


def finished_plates(results: Path) -> list[str]:
    """Plates with verdicts and pages."""
    plates = (path.stem for path in results.glob(named("plate").everywhere()))
    return sorted(name for name in plates if (results / named("plate_page").at(plate=name)).is_file())


def asked_plates(run: Run, results: Path) -> list[Plate]:
    """Plates of the config that are finished in the results with all samples that the sheet now has."""
    finished = finished_plates(results)
    plates = (run.plates[name] for name in finished if name in run.plates)
    return [plate for plate in plates if all(_qc(results, sample.name).is_file() for sample in plate.samples)]


def _qc(results: Path, sample: str) -> Path:
    return results / named("virus_qc").at(isolate=sample)


def require_same_reads(run: Run, folders: Reanalysis, record: Mapping[str, Any]) -> None:
    """Raise OtherReads for a plate whose genome, primers, trimming or search for human reads is another."""
    for plate in asked_plates(run, folders.before):
        assay, before = run.viruses[plate.assay], (record.get("viruses") or {}).get(plate.assay)
        if before is None:
            raise OtherReads(plate.name, f"assay {plate.assay} is not in run.json of the results")
        if reason := _other_reads(assay, plate, before, folders.before):
            raise OtherReads(plate.name, reason)
        human = (folders.before / named("human_reads").at(isolate=sample.name) for sample in plate.samples)
        if run.reference.fasta and assay.laboratory and not all(path.is_file() for path in human):
            raise OtherReads(plate.name, "human reads were not looked for in the results")


def _other_reads(assay: ViralAssay, plate: Plate, before: Mapping[str, Any], results: Path) -> str:
    """What of the alignments is no longer as the config has it; '' where nothing is."""
    facts = virus_facts(assay, {})
    if _content(facts["genome"]) != _content(before["genome"]):
        return f"the genome of assay {assay.name} is another"
    if before.get("trim", assay.trim) != assay.trim:
        return f"trim of assay {assay.name} is {str(assay.trim).lower()} now"
    for sample in plate.samples:
        stated = read_json(_qc(results, sample.name))["scheme"]
        if stated != sample.scheme:
            return f"sample {sample.name} has primer scheme {sample.scheme} in the sheet, and had {stated}"
        if _content(facts["schemes"][stated]) != _content(before["schemes"].get(stated)):
            return f"primer scheme {stated} has other primers"
    return ""


def virus_differences(run: Run, record: Mapping[str, Any], count_workflow: bool = False) -> dict[str, list[Difference]]:
    """What differs for the plates of each viral assay between `run` and the run.json of the first analysis.

    Data of a typing tool that the workflow runs are not in the config, so that a reanalysis asks pangolin again.
    """
    workflow, found = list(workflow_difference(run, record)), {}
    for name, assay in run.viruses.items():
        before = (record.get("viruses") or {}).get(name) or {}
        own = list(_differences(before, virus_facts(assay, {})))
        found[name] = [*own, *workflow] if own or count_workflow else []
    return found


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for key, words in _FILES.items():
        yield from file_difference(words, before.get(key), after[key])
    for key in dict.fromkeys([*(before.get("rules") or {}), *after["rules"]]):
        then, now = (facts.get(key) for facts in (before.get("rules") or {}, after["rules"]))
        if then != now:
            yield Difference(f"rule {key}", str(then), str(now))
    if before.get("gates") != after["gates"]:
        yield Difference("gates", *(_short(facts.get("gates")) for facts in (before, after)))
    for key, words in _TYPING.items():
        then, now = before.get(key), after[key]
        if _content(then) != _content(now) or (key == "pangolin" and now == _RUN):
            yield Difference(words, _words(then), f"{_words(now)} again" if then == now else _words(now))


def _content(facts: Any) -> Any:
    """What counts of a file, whatever its name."""
    return {key: value for key, value in facts.items() if key != "file"} if isinstance(facts, Mapping) else facts


def _words(facts: Any) -> str:
    if isinstance(facts, Mapping):
        return f"{facts['file']} ({_short(facts.get('key'))})"
    return facts or "none"


def _short(digest: str | None) -> str:
    return digest[:8] if digest else "not recorded"
