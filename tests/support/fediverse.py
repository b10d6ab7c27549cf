"""A small Mastodon: people, posts, mentions and what an account of a company sees of them, answered as the API's documents say."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from support.rest import Reply, Request

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCOPES = frozenset({"read:accounts", "read:notifications", "read:statuses"})
_LIMIT = 300
_AT_ONCE = 20

Told = dict[str, Any]


class Instance:
    """One server, with the company's account `desk`; its answers come as `answer` gives them."""

    def __init__(self, token: str = "token-of-desk") -> None:  # noqa: S107 - invented
        self.token, self.scopes = token, SCOPES
        self.now = T0
        self.accounts: dict[str, Told] = {}
        self.posts: dict[str, Told] = {}
        self.notifications: dict[int, Told] = {}
        self.asked = 0
        self.hidden: set[str] = set()
        self.answers: list[Reply] = []
        self.always: Reply | None = None
        self.desk = self.person("desk", shown="The Desk")

    # what people do

    def person(self, acct: str, *, shown: str = "", **more: Any) -> str:
        """An account; a handle with a domain is on another server. Answers its id."""
        number = str(109_000_000_000_000_000 + len(self.accounts))
        username, url = acct.partition("@")[0], f"https://social.example/@{acct}"
        picture = "https://social.example/missing.png"
        self.accounts[number] = {
            "id": number,
            "username": username,
            "acct": acct,
            "display_name": shown,
            "locked": False,
            "bot": False,
            "group": False,
            "indexable": False,
            "discoverable": None,
            "created_at": "2026-01-01T00:00:00.000Z",
            "note": "",
            "url": url,
            "uri": url,
            "avatar": picture,
            "avatar_static": picture,
            "header": picture,
            "header_static": picture,
            "followers_count": 3,
            "following_count": 4,
            "statuses_count": 5,
            "last_status_at": "2026-03-01",
            "emojis": [],
            "fields": [],
            **more,
        }
        return number

    def says(self, who: str, words: str, *, to: tuple[str, ...] = (), answers: str | None = None, **more: Any) -> str:
        """A post, a second after the last; those it speaks `to` are mentioned. Answers its id."""
        self.now += timedelta(seconds=1)
        number = str((int(self.now.timestamp() * 1000) << 16) + len(self.posts))
        self.posts[number] = {
            "id": number,
            "created_at": _written(self.now),
            "in_reply_to_id": answers,
            "in_reply_to_account_id": self.posts[answers]["account"] if answers else None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "language": "en",
            "uri": f"https://social.example/posts/{number}",
            "url": f"https://social.example/posts/{number}",
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
            "quotes_count": 0,
            "edited_at": None,
            "content": f"<p>{words}</p>",
            "reblog": None,
            "account": who,
            "media_attachments": [],
            "mentions": [self._mention(each) for each in to],
            "tags": [],
            "emojis": [],
            "card": None,
            "poll": None,
            "quote": None,
            **more,
        }
        if self.desk in to and who != self.desk:
            self.notify("mention", who, number)
        return number

    def notify(self, kind: str, who: str, post: str) -> None:
        number = max(self.notifications, default=0) + 1
        told = {"id": str(number), "type": kind, "created_at": _written(self.now), "account": who, "status": post}
        self.notifications[number] = {**told, "group_key": f"ungrouped-{number}"}

    def edits(self, post: str, words: str) -> None:
        self.now += timedelta(seconds=1)
        self.posts[post] |= {"content": f"<p>{words}</p>", "edited_at": _written(self.now)}

    def deletes(self, post: str) -> None:
        """The post and its notifications go; answers to it do not know any more what they answer."""
        del self.posts[post]
        self.notifications = {n: told for n, told in self.notifications.items() if told["status"] != post}
        for each in self.posts.values():
            if each["in_reply_to_id"] == post:
                each["in_reply_to_id"] = None

    def _mention(self, account: str) -> Told:
        return {name: self.accounts[account][name] for name in ("id", "username", "acct", "url")}

    # what the server answers

    def answer(self, request: Request) -> Reply:
        self.asked += 1
        if self.always:
            return self.always
        if self.answers:
            return self.answers.pop()
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return self._reply({"error": "The access token is invalid"}, status=401)
        scope, *way = self._way(request.path)
        if scope not in self.scopes:
            return self._reply({"error": "This action is outside the authorized scopes"}, status=403)
        return self._found(way, parse_qs(urlsplit(request.target).query))

    @staticmethod
    def _way(path: str) -> list[str]:
        """The scope that a path needs, and what it asks for."""
        _, _, _, what, *more = path.split("/")
        if what == "notifications":
            return ["read:notifications", what]
        if what == "accounts" and more == ["verify_credentials"]:
            return ["read:accounts", "me"]
        return ["read:statuses", "own" if what == "accounts" else "post" if more else "posts", *more[:1]]

    def _found(self, way: list[str], query: dict[str, list[str]]) -> Reply:
        match way:
            case ["me"]:
                role = {"id": "-99", "name": "", "permissions": "0", "color": "", "highlighted": False}
                source = {
                    "note": "",
                    "fields": [],
                    "privacy": "public",
                    "sensitive": False,
                    "follow_requests_count": 0,
                    "indexable": False,
                }
                return self._reply({**self.accounts[self.desk], "role": role, "source": source})
            case ["notifications"]:
                return self._mentions(query)
            case ["own", account]:
                boosts = query.get("exclude_reblogs") != ["true"]
                own = {
                    int(number): self._shown(post)
                    for number, post in self.posts.items()
                    if post["account"] == account and (boosts or post["reblog"] is None)
                }
                return self._page(own, query)
            case ["post", number]:
                there = self.posts.get(number) if number not in self.hidden else None
                return self._reply(
                    self._shown(there) if there else {"error": "Record not found"}, status=200 if there else 404
                )
            case _:
                return self._some(query.get("id[]", []))

    def _some(self, wanted: list[str]) -> Reply:
        if len(wanted) > _AT_ONCE:
            return self._reply({"error": "Validation failed: Too many statuses requested"}, status=422)
        return self._reply([self._shown(self.posts[n]) for n in wanted if n in self.posts and n not in self.hidden])

    def _mentions(self, query: dict[str, list[str]]) -> Reply:
        kinds = query.get("types[]")
        seen = {
            number: {
                **told,
                "account": self.accounts[told["account"]],
                "status": self._shown(self.posts[told["status"]]),
            }
            for number, told in self.notifications.items()
            if kinds is None or told["type"] in kinds
        }
        return self._page(seen, query)

    def shown(self, post: str) -> Told:
        """A post as the server shows it."""
        return self._shown(self.posts[post])

    def _shown(self, post: Told) -> Told:
        return {**post, "account": self.accounts[post["account"]]}

    def _page(self, found: dict[int, Told], query: dict[str, list[str]]) -> Reply:
        """Newest first; by ``min_id`` those next after it, else the newest."""
        after, most = int(query.get("min_id", ["0"])[0]), int(query.get("limit", ["20"])[0])
        numbers = sorted(n for n in found if n > after)
        chosen = numbers[:most] if "min_id" in query else numbers[-most:]
        links = {}
        if chosen:
            links["Link"] = (
                f'<https://social.example/?max_id={chosen[0]}>; rel="next", <https://social.example/?min_id={chosen[-1]}>; rel="prev"'
            )
        return self._reply([found[n] for n in reversed(chosen)], headers=links)

    def _reply(self, body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
        rate = {
            "X-RateLimit-Limit": str(_LIMIT),
            "X-RateLimit-Remaining": str(max(_LIMIT - self.asked, 0)),
            "X-RateLimit-Reset": _written(self.now + timedelta(minutes=5)),
        }
        return Reply(body, status=status, headers={**rate, **(headers or {})})


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
