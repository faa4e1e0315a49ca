"""Panels of normals: what normals of an assay show, made from finished results, for the samples that follow."""
