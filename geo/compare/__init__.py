"""How places compare: ranks with a band, quotients, concentration, neighbours, what-if."""
