"""What comes in while nobody is signed in: the key it is sealed to, opened and closed by a signatory's signed act."""
