"""Required fields of a Phenopacket, which its protobuf messages do not enforce (an empty message is a valid one)."""

from collections.abc import Iterator, Mapping
from typing import Any

from gms.sharing.metadata.terms import curies

_PACKET = ("id", "subject", "metaData")
_META = ("created", "createdBy", "resources", "phenopacketSchemaVersion")
_RESOURCE = ("id", "name", "url", "version", "namespacePrefix", "iriPrefix")


def missing(packet: Mapping[str, Any]) -> list[str]:
    """What a Phenopacket v2 in JSON lacks of the fields with multiplicity 1, in words; empty when it is complete.

    Also: every CURIE's prefix is among metaData.resources, interpretations name the subject or a biosample of the
    packet, files have a relative or absolute URI and an assembly. Source: phenopacket-schema 2.0 documentation.
    """
    return [
        *_absent(packet, _PACKET, "the packet"),
        *_absent(packet.get("subject", {}), ("id",), "subject"),
        *_absent(packet.get("metaData", {}), _META, "metaData"),
        *_of_resources(packet),
        *_of_samples(packet),
        *_of_interpretations(packet),
    ]


def _absent(item: Mapping[str, Any], fields: tuple[str, ...], where: str) -> Iterator[str]:
    for field in fields:
        if not item.get(field):
            yield f"{where} has no {field}"


def _of_resources(packet: Mapping[str, Any]) -> Iterator[str]:
    resources = packet.get("metaData", {}).get("resources", [])
    for resource in resources:
        yield from _absent(resource, _RESOURCE, f"resource {resource.get('id', '')}".strip())
    covered = {resource.get("namespacePrefix") for resource in resources}
    for prefix in sorted({identifier.partition(":")[0] for identifier in curies(packet)} - covered):
        yield f"metaData.resources has no {prefix}"


def _of_samples(packet: Mapping[str, Any]) -> Iterator[str]:
    for biosample in packet.get("biosamples", []):
        yield from _absent(biosample, ("id",), "a biosample")
        if biosample.get("individualId") not in (None, packet.get("subject", {}).get("id")):
            yield f"biosample {biosample.get('id')} is of another individual"
    for file in packet.get("files", []):
        yield from _absent(file, ("uri",), "a file")
        yield from _absent(file.get("fileAttributes", {}), ("fileFormat", "genomeAssembly"), f"file {file.get('uri')}")


def _of_interpretations(packet: Mapping[str, Any]) -> Iterator[str]:
    known = {packet.get("subject", {}).get("id"), *(sample.get("id") for sample in packet.get("biosamples", []))}
    for item in packet.get("interpretations", []):
        yield from _absent(item, ("id", "progressStatus"), "an interpretation")
        yield from _absent(item.get("diagnosis", {}).get("disease", {}), ("id", "label"), "the diagnosis' disease")
        for genomic in item.get("diagnosis", {}).get("genomicInterpretations", []):
            yield from _absent(genomic, ("interpretationStatus",), "a genomic interpretation")
            if genomic.get("subjectOrBiosampleId") not in known:
                yield "a genomic interpretation is of neither the subject nor a biosample"
