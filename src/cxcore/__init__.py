"""cxcore: one customer, one record, one timeline."""
