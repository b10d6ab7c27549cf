"""The demo world: an invented hotel and restaurant chain, its customers and what its systems hold about them."""
