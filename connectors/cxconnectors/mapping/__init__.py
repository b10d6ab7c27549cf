"""The mapping language that connectors share: from the fields of a row to profiles and interactions. No connector."""
