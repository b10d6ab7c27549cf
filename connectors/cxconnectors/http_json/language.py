"""The mapping language, as this connector uses it: the one place that knows where it comes from."""

from cxconnectors.mapping.expression import FAULTS, Lookup, compiled, truthy
from cxconnectors.mapping.mapping import Expression, Mapping
from cxconnectors.mapping.row_plan import RowPlan

__all__ = ["FAULTS", "Expression", "Lookup", "Mapping", "RowPlan", "compiled", "truthy"]
