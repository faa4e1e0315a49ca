"""Header of the merged VCF of small variants: its INFO and FORMAT fields with their units."""

from gms.variants.small import merged_vcf

LINES = tuple(merged_vcf.HEADER.splitlines())
