"""Site-visit tours: which sites, in which order, when; from a matrix of minutes to a day on paper."""
