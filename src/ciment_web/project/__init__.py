"""Settings, addresses, commands and the demo institution: where the folders below are put together."""
