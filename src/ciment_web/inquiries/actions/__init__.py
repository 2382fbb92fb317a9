"""One function per use case: authorise, core, save, register entry, in one transaction."""
