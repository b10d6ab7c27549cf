"""Links between pages (RFC 8288)."""

from fastapi import Request


def next_link(request: Request, following: str) -> str:
    """The `Link` header that leads to the next page."""
    target = request.url.include_query_params(cursor=following)
    return f'<{target.path}?{target.query}>; rel="next"'
