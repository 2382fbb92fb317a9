"""The tenant, nothing else."""
