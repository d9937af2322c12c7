"""The parts of the data desk, in the order in which they are used."""
