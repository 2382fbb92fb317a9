"""The accords: ceremony, roster, shares and sealed partials of one institution."""
