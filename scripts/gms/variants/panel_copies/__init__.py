"""Copy number of a gene panel against normals of the same assay, with CNVkit. Events go to the class copy_number."""
