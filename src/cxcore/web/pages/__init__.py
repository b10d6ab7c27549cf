"""One module a page, with the template of the same name."""
