"""Demands for information: recorded, qualified, refused or released, answered."""
