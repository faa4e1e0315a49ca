"""One Phenopacket (GA4GH, schema 2.0) for each shared individual: who, which samples, which files, which variants.

The library's messages ask for no field; what https://phenopacket-schema.readthedocs.io calls REQUIRED is checked here.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import phenopackets as pps
from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp

from gms.base.json_tables import write_json
from gms.sharing.decision.model import ORGANISATIONS
from gms.sharing.metadata import terms
from gms.sharing.metadata.classifications import Alleles
from gms.sharing.metadata.model import MetadataUnusable, PackageFacts, Person, people
from gms.sharing.metadata.terms import Term, curies
from gms.sharing.metadata.variants import Variant, carried, origin, zygosity

SCHEMA_VERSION = "2.0"
_FORMATS = {".vcf.gz": "VCF", ".cram": "CRAM"}
MAPS = ("fileAttributes", "individualToFileIdentifiers")


def write_phenopackets(plain: Path, facts: PackageFacts, alleles: Alleles) -> None:
    """Write metadata/{subject}.phenopacket.json of every individual.

    Raises MetadataUnusable with every required field that is missing.
    """
    shared = people(facts)
    for subject in dict.fromkeys(person.subject for person in shared):
        own = [person for person in shared if person.subject == subject]
        packet = _packet(own, plain, facts)
        if found := _interpretation(own, facts, alleles):
            packet.interpretations.append(found)
        content = _pruned(MessageToDict(packet, always_print_fields_with_no_presence=True))
        content["metaData"] |= {"resources": _resources(content)}
        if problems := missing(content):
            raise MetadataUnusable(f"the phenopacket of {subject} is not complete: {'; '.join(problems)}")
        write_json(plain / "metadata" / f"{subject}.phenopacket.json", content)


def _packet(own: Sequence[Person], plain: Path, facts: PackageFacts) -> pps.Phenopacket:
    subject = own[0].subject
    packet = pps.Phenopacket(
        id=f"{facts.case}.{subject}",
        subject=_individual(own[0]),
        biosamples=[_biosample(person) for person in own],
        files=[file for person in own for file in _files(person, plain, facts)],
        meta_data=pps.MetaData(
            created=_timestamp(facts.day),
            created_by=facts.pipeline,
            submitted_by=ORGANISATIONS[facts.sharing.study.disclosing_party],
            phenopacket_schema_version=SCHEMA_VERSION,
        ),
    )
    if own[0].disease:
        packet.diseases.append(pps.Disease(term=_class(own[0].disease)))
    return packet


def _individual(person: Person) -> pps.Individual:
    sex = {"female": pps.Sex.FEMALE, "male": pps.Sex.MALE}.get(person.member.sex, pps.Sex.UNKNOWN_SEX)
    individual = pps.Individual(id=person.subject, sex=sex, taxonomy=_class(terms.HUMAN))
    if person.age:
        individual.time_at_last_encounter.age.iso8601duration = person.age
    return individual


def _biosample(person: Person) -> pps.Biosample:
    biosample = pps.Biosample(
        id=person.sample,
        individual_id=person.subject,
        taxonomy=_class(terms.HUMAN),
        sample_type=_class(terms.GENOMIC_DNA),
        material_sample=_class(terms.status(person.member.role, person.affected)),
    )
    if person.age:
        biosample.time_of_collection.age.iso8601duration = person.age
    return biosample


def _files(person: Person, plain: Path, facts: PackageFacts) -> list[pps.File]:
    """The package's files of a sample, by their place in the package."""
    found = []
    for name, suffix in ((facts.case, ".vcf.gz"), (person.sample, ".cram")):
        path = f"data/{name}{suffix}"
        if (plain / path).is_file():
            attributes = {"fileFormat": _FORMATS[suffix], "genomeAssembly": facts.assembly}
            names = {person.sample: person.sample}
            found.append(pps.File(uri=path, individual_to_file_identifiers=names, file_attributes=attributes))
    return found


def _interpretation(own: Sequence[Person], facts: PackageFacts, alleles: Alleles) -> pps.Interpretation | None:
    """What was found in an individual. The workflow judges nobody: progress and status stay unknown."""
    genomic = [
        _genomic(variant, person, facts, alleles)
        for person in own
        for variant in carried(alleles.variants, person, facts)
    ]
    if not genomic:
        return None
    disease = own[0].disease or terms.UNKNOWN
    diagnosis = pps.Diagnosis(disease=_class(disease), genomic_interpretations=genomic)
    return pps.Interpretation(id=f"{facts.case}.{own[0].subject}", diagnosis=diagnosis)


def _genomic(variant: Variant, person: Person, facts: PackageFacts, alleles: Alleles) -> pps.GenomicInterpretation:
    descriptor = _descriptor(variant, person, facts, alleles.ids)
    interpretation = pps.VariantInterpretation(variation_descriptor=descriptor)
    if variant.key in alleles.classified:
        word = alleles.classified[variant.key].significance.upper().replace(" ", "_")
        value = pps.AcmgPathogenicityClassification.Value(word)
        interpretation.acmg_pathogenicity_classification = value
    # The id of the individual says germline, that of the biosample acquired (VariantInterpretation, Phenopackets v2).
    whose = person.subject if origin(person, facts) == terms.GERMLINE else person.sample
    return pps.GenomicInterpretation(subject_or_biosample_id=whose, variant_interpretation=interpretation)


def _descriptor(
    variant: Variant, person: Person, facts: PackageFacts, ids: Mapping[str, str]
) -> pps.VariationDescriptor:
    record = {"chrom": variant.chrom, "pos": variant.pos, "ref": variant.ref, "alt": variant.alt}
    descriptor = pps.VariationDescriptor(
        id=ids.get(variant.key, variant.key.replace(":", "-")),
        vcf_record=pps.VcfRecord(genome_assembly=facts.assembly, **record),
        molecule_context=pps.MoleculeContext.genomic,
        expressions=[pps.Expression(syntax="hgvs.c", value=text) for text in variant.hgvs],
    )
    state = zygosity(variant, person, facts)
    if state and origin(person, facts) == terms.GERMLINE:
        descriptor.allelic_state.CopyFrom(_class(state))
    return descriptor


def _class(term: Term) -> pps.OntologyClass:
    return pps.OntologyClass(id=term.id, label=term.label)


def _timestamp(day: datetime.date) -> Timestamp:
    moment = Timestamp()
    moment.FromJsonString(f"{day.isoformat()}T00:00:00Z")
    return moment


def _pruned(value: Any) -> Any:
    """Without empty texts, lists and objects; what is left of the fields without value are the enumerations' words."""
    if isinstance(value, dict):
        # Protocol buffers keep maps in an order of the process.
        kept = {key: _pruned(dict(sorted(item.items())) if key in MAPS else item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in ("", [], {})}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def _resources(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """The ontologies of all CURIEs of a packet. Raises MetadataUnusable for one of an ontology that is not known."""
    used = sorted({identifier.partition(":")[0] for identifier in terms.curies(content)})
    known = terms.resources()
    if strange := [prefix for prefix in used if prefix not in known]:
        words = f"terms of {', '.join(strange)} cannot be shared"
        raise MetadataUnusable(f"{words}; the individuals table may use {', '.join(sorted(known))}")
    return [
        {
            "id": r.id,
            "name": r.name,
            "url": r.url,
            "version": r.version,
            "namespacePrefix": r.prefix,
            "iriPrefix": r.iri,
        }
        for r in (known[prefix] for prefix in used)
    ]


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
