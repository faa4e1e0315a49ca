"""What is measured of a sample and of a case: the names that gates and reports use."""

import re

SAMPLE_METRICS = (
    "reads",
    "mapped_fraction",
    "duplicate_fraction",
    "insert_size_median",
    "proper_pair_fraction",
    "coverage_mean",
    "coverage_median",
    "fraction_10x",
    "fraction_20x",
    "fraction_60x",
    "fraction_100x",
    "fraction_250x",
    "fraction_500x",
    "on_target_fraction",
    "contamination",
    "sex_inferred",
    "sex_matches",
    "lane_concordance",
)
CASE_METRIC = re.compile(r"tumor_normal_concordance|parent_child_\w+_concordance|(kinship|ibs0)_[\w-]+")
