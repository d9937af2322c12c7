"""The command line for those who keep a city's data: lists in and out, backup, history, undo."""
