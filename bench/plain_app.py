"""What FastAPI alone costs: an endpoint that does nothing, and one that sends bytes of a given size."""

import os

from fastapi import FastAPI
from starlette.responses import Response

_SIZE = int(os.environ.get("CXBENCH_STATIC_BYTES", "0"))
_BODY = b'{"entries":"' + b"x" * max(0, _SIZE - 14) + b'"}'
app = FastAPI(openapi_url=None)


@app.get("/empty")
async def empty() -> dict[str, str]:
    """Nothing."""
    return {}


@app.get("/static")
async def static() -> Response:
    """A page made beforehand."""
    return Response(_BODY, media_type="application/json")
