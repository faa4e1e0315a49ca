"""What a policy may ask of a repeat: its status, copies, limits, reads."""

from gms.genome.record_variables import column, flag, info_field, sample_field
from gms.variants.repeats.status import STATES

VARIABLES = (
    column("type", "text", "kind of allele", '"repeat"', values=("repeat",)),
    info_field("locus", "text", "REPID", "name of the locus in the catalogue"),
    info_field("motif", "text", "RU", "repeat unit of the reference"),
    info_field("status", "text", "STR_STATUS", "status of the longest allele of the index", values=STATES),
    info_field("pathogenic_min", "number", "STR_PATHOLOGIC_MIN", "fewest copies of a pathogenic allele"),
    info_field("normal_max", "number", "STR_NORMAL_MAX", "most copies of a harmless allele"),
    flag("limits_differ", "STR_LIMITS=", "sources state different pathogenic limits"),
    info_field("normals_as_long", "number", "STR_AS_LONG", "alleles of normals as long as the longest of the index"),
    info_field("normals_alleles", "number", "STR_NORMALS", "alleles of normals at the locus"),
    info_field("normals_share", "number", "STR_AF", "share of these alleles, of 3 and more"),
    info_field("note", "text", "NOTE", "what does not fit the copies of the locus"),
    sample_field("spanning_reads", "index", "ADSP", "number", "reads that span the repeat", "int(text)"),
    sample_field("flanking_reads", "index", "ADFL", "number", "reads that end in the repeat", "int(text)"),
    sample_field("inside_reads", "index", "ADIR", "number", "reads within the repeat", "int(text)"),
)
