"""Readers of the registry packages from which the geographic layers are built, one noun a module."""
