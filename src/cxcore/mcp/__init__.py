"""Tools for assistants by the Model Context Protocol: what the API reads, under a key's scopes, masks and audit."""
