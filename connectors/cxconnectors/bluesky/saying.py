"""What a post says and shows: its words with whole links, and what is embedded in it. Lexicons app.bsky.feed.post,
app.bsky.richtext.facet, app.bsky.embed.*."""

from collections.abc import Iterable, Mapping
from typing import Any

from cxcore.model.interaction import Attachment
from cxcore.sdk.plain_text import clean

_LINK, _MENTION = "app.bsky.richtext.facet#link", "app.bsky.richtext.facet#mention"
_MOST = 100
_SHORTENED = ("...", "…")


def words(post: Mapping[str, Any]) -> str | None:
    """The text with links written out, then a line for each thing embedded; None where there is nothing to read."""
    shown = [_text(post), *_embedded(_embed(post))]
    return clean("\n".join(line for line in shown if line)).strip() or None


def mentioned(post: Mapping[str, Any]) -> list[str]:
    """The DIDs of those whom the post names."""
    found = [feature.get("did") for _, _, feature in _features(post, _MENTION)]
    return list(dict.fromkeys(did for did in found if isinstance(did, str)))


def links(post: Mapping[str, Any]) -> list[str]:
    """The addresses that the post leads to."""
    found = [feature.get("uri") for _, _, feature in _features(post, _LINK)]
    external = _mapping(_media(_embed(post)).get("external"))
    return list(dict.fromkeys(clean(uri) for uri in [*found, external.get("uri")] if isinstance(uri, str)))[:_MOST]


def quoted(post: Mapping[str, Any]) -> str | None:
    """The address of the record that the post quotes."""
    record = _mapping(_embed(post).get("record"))
    uri = record.get("uri") or _mapping(record.get("record")).get("uri")
    return uri if isinstance(uri, str) else None


def attachments(post: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Pictures and films that came with the post."""
    media, made = _media(_embed(post)), []
    for number, image in enumerate(_images(media), start=1):
        made.append(_attachment(f"image {number}", image.get("image") or image.get("thumbnail"), "image/*"))
    if isinstance(media.get("video"), dict):
        made.append(_attachment("video", media["video"], "video/*"))
    return tuple(made)


def _text(post: Mapping[str, Any]) -> str:
    """The text, each link that is shown shortened written out. Facets count bytes of UTF-8."""
    text = post.get("text")
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else b""
    for start, end, feature in sorted(_features(post, _LINK), key=lambda found: -found[0]):
        uri = feature.get("uri")
        if isinstance(uri, str) and raw[start:end].decode("utf-8", "replace").endswith(_SHORTENED):
            raw = raw[:start] + uri.encode("utf-8", "replace") + raw[end:]
    return raw.decode("utf-8", "replace")


def _embedded(embed: Mapping[str, Any]) -> Iterable[str]:
    media = _media(embed)
    for image in _images(media):
        yield f"[image] {_line(image.get('alt'))}".strip()
    if isinstance(media.get("video"), dict):
        yield f"[video] {_line(media.get('alt'))}".strip()
    external = _mapping(media.get("external"))
    if external:
        told = (_line(external.get(name)) for name in ("title", "description", "uri"))
        yield "[link] " + " · ".join(each for each in told if each)


def _features(post: Mapping[str, Any], kind: str) -> list[tuple[int, int, Mapping[str, Any]]]:
    """Parts of the text that are of a kind: first byte, byte after the last, and what they are."""
    found = []
    facets = post.get("facets")
    for facet in facets[:_MOST] if isinstance(facets, list) else ():
        index, features = _mapping(_mapping(facet).get("index")), _mapping(facet).get("features")
        start, end = index.get("byteStart"), index.get("byteEnd")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start <= end and isinstance(features, list):
            found += [(start, end, each) for each in map(_mapping, features) if each.get("$type") == kind]
    return found


def _embed(post: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(post.get("embed"))


def _media(embed: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is embedded beside a quoted record (recordWithMedia), or alone."""
    return _mapping(embed.get("media")) or embed


def _images(media: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = media.get("images") or media.get("items")
    return [_mapping(each) for each in listed[:_MOST]] if isinstance(listed, list) else []


def _attachment(name: str, blob: Any, kind: str) -> Attachment:
    found = _mapping(blob)
    media_type, size = found.get("mimeType"), found.get("size")
    return Attachment(
        name=name,
        media_type=clean(media_type)[:200] if isinstance(media_type, str) else kind,
        size=size if isinstance(size, int) and size >= 0 else 0,
    )


def _line(found: Any) -> str:
    return " ".join(found.split()) if isinstance(found, str) else ""


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}
