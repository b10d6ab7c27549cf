"""cxcore mcp: tools for assistants."""

from cxcore import log, settings
from cxcore.cli import loop
from cxcore.errors import OperatorError
from cxcore.settings import Settings


def mcp() -> None:
    """Offer resolve, search, read, timeline and coverage to an assistant by the Model Context Protocol, over standard
    input and output. It asks the service at CX_URL with the key in CX_MCP_KEY, and may read what that key may."""
    read = settings.load()
    log.configure(read.log_level)
    if read.mcp_key is None:
        raise OperatorError(
            "CX_MCP_KEY is not set.", hint="Make a key: `cxcore key create NAME --scope customers:read`."
        )
    loop.run(_serve(read, read.mcp_key.get_secret_value()))


async def _serve(read: Settings, key: str) -> None:
    try:
        from cxcore.mcp.service import Service
        from cxcore.mcp.tools import server
    except ModuleNotFoundError as exc:
        if exc.name != "mcp":
            raise
        raise OperatorError("The MCP SDK is not installed.", hint="Install cxcore[mcp].") from exc
    async with Service(read.url, key) as service:
        await server(lambda: service).run_stdio_async()
