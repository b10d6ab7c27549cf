"""Unit tests are properties and tables; how long an example takes on a busy machine says nothing about it."""

from hypothesis import settings

settings.register_profile("unit", deadline=None, print_blob=True)
settings.load_profile("unit")
