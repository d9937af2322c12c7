"""Lists in: find the table of a sheet, read its rows, name every fault, compare with what is there."""
