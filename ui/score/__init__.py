"""Scoring a site-visit tour: the way in, the phone's page, the ranking, what is to be done."""
