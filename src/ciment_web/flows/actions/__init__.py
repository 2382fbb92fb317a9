"""The acts on flows: propose, give an opinion, submit, note, suspend, review."""
