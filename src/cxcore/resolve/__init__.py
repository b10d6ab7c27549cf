"""Resolve: who is who. Judgements on pairs are the only truth; customers and links are derived from them."""
