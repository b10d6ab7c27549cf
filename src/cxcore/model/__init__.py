"""The words of cxcore as pure values; nothing here does I/O or asks for the time."""
