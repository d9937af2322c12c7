"""A planned tour to be carried along: one module a format, each `write(brief) -> bytes`."""
