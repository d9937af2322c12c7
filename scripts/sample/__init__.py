"""Draw the sample projects: amounts, places, rows. The command is `scripts/make_sample.py`."""
