"""Transfer of approved packages to an S3 store such as NGP: resumable, verified by reading back, never overwriting."""
