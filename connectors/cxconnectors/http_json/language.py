"""The mapping language, as this connector uses it: the one place that knows where it comes from."""

from cxcore.sdk.mapping.expression import FAULTS, Lookup, compiled, truthy
from cxcore.sdk.mapping.language import Expression, Mapping
from cxcore.sdk.mapping.row_plan import RowPlan

__all__ = ["FAULTS", "Expression", "Lookup", "Mapping", "RowPlan", "compiled", "truthy"]
