"""The figures of a year: read from the register alone, shown as tables and pictures, printed as a report."""
