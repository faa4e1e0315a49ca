"""Clinical trials: definitions, matching, two-stage cohorts and residual disease. No software enrols a patient."""
