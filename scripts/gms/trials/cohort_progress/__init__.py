"""Cohorts in progress: patients, decisions of the stages, progress over countries, its export."""
