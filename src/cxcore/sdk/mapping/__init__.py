"""Mapping: what an operator writes (TOML, JMESPath) to say what the objects of a source mean. Data, never code."""

from cxcore.sdk.mapping.language import Mapping
from cxcore.sdk.mapping.row_plan import RowPlan

__all__ = ["Mapping", "RowPlan"]
