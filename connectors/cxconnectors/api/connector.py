"""The connector: what `POST /v1/sources/{source}/interactions` lands, one interaction a record."""

from collections.abc import AsyncIterator, Iterable

from pydantic import BaseModel, ConfigDict, ValidationError

from cxcore.model.interaction import Channel, Interaction
from cxcore.sdk import Connector, Cursor, Manifest, Mapped, Page, Record, RecordRejected, Stream

STREAM = "interactions"


class ApiConfig(BaseModel):
    """Nothing is to be set: the sender's key says who it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Api(Connector[ApiConfig]):
    """A source whose interactions come in cxcore's own form, checked before they land."""

    manifest = Manifest(
        key="api",
        name="API: interactions that services send",
        channels=frozenset(Channel),
        streams=(Stream(name=STREAM, hides_deletes=False),),
        pulls=False,
        owner="cxcore",
        docs="connectors/cxconnectors/api/README.md",
    )
    Config = ApiConfig

    async def check(self) -> str:
        """There is nothing to reach."""
        return "what services with the scope interactions:write send"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        """Nothing: services send by themselves."""
        nothing: tuple[Page, ...] = ()
        for page in nothing:
            yield page

    def map(self, record: Record) -> Iterable[Mapped]:
        """The interaction as it was sent.

        Raises:
            RecordRejected: it is none, as of a later version of cxcore.
        """
        try:
            yield Interaction.model_validate(record.payload)
        except ValidationError as exc:
            fields = sorted({".".join(map(str, e["loc"])) for e in exc.errors(include_input=False)})
            raise RecordRejected(f"it is no interaction: {', '.join(fields[:5])}") from exc
