"""What anyone may check: the pages of the register, its published form, and proofs."""
