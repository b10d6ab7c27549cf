"""The worker: pulls what is due and digests what has landed, any number of them side by side."""
