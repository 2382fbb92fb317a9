"""A search or seizure: the page anybody reads, what is noted minute by minute, the inventory, handing over."""
