"""ConnectorConformance: the contract of a connector, a test a sentence."""
# ruff: noqa: S101 - these are tests, shipped to those who write connectors

import copy
import inspect
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cxcore.model.interaction import Interaction
from cxcore.sdk.connector import Connector
from cxcore.sdk.errors import ConnectorFailure
from cxcore.sdk.page import Record
from cxcore.sdk.testing.driving import (
    mapped,
    run,
    secrets,
    version,
    without_secrets,
)
from cxcore.sdk.testing.http_conformance import HttpConformance
from cxcore.sdk.testing.needs import needs, with_secrets
from cxcore.sdk.testing.pull_conformance import PullConformance
from cxcore.sdk.testing.push_conformance import PushConformance
from cxcore.sdk.testing.source_fixture import CANARY, SourceFixture, offers


class ConnectorConformance(HttpConformance, PullConformance, PushConformance):
    """Subclass it once a connector::

    class TestParley(ConnectorConformance):
        connector = Parley
        source_type = ParleyServer
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        source = getattr(cls, "source_type", None)
        connector = getattr(cls, "connector", None)
        if source is None or connector is None:
            return
        for name in dir(cls):
            test = getattr(cls, name)
            lacking = [each for each in getattr(test, "needs", ()) if not offers(source, each)]
            unasked = name in vars(PullConformance) and not connector.manifest.pulls
            if (
                lacking
                or (unasked and name.startswith("test_"))
                or (getattr(test, "needs_secrets", False) and not with_secrets(connector))
            ):
                setattr(cls, name, None)  # pytest then does not collect it

    @pytest.fixture
    def source(self, tmp_path: Path) -> SourceFixture:
        return self.source_type(tmp_path)

    @property
    def folder(self) -> Path:
        return Path(inspect.getfile(self.connector)).parent

    # what the connector says of itself

    def test_its_key_is_the_name_of_its_package(self) -> None:
        assert self.connector.manifest.key in {self.folder.name, self.connector.__module__.rpartition(".")[2]}

    def test_it_has_a_readme_and_a_quality_file(self) -> None:
        assert (self.folder / "README.md").is_file(), f"{self.folder} has no README.md"
        quality = self.folder / "quality.yaml"
        assert quality.is_file(), f"{self.folder} has no quality.yaml"
        assert "bronze:" in quality.read_text(encoding="utf-8"), "quality.yaml says nothing of bronze"

    @needs(secrets=True)
    def test_its_secrets_do_not_show(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        hidden = secrets(connector.config)
        assert hidden, "the fixture's config holds no secret, but Config has a field for one"
        shown = [repr(connector), str(connector), repr(connector.config), str(connector.config)]
        shown += [connector.config.model_dump_json(), repr(vars(connector))]
        for text in shown:
            assert not any(secret in text for secret in hidden), "a secret shows"

    def test_an_unknown_setting_is_refused(self, source: SourceFixture) -> None:
        with pytest.raises(ValidationError):
            self.connector.configured({**source.config, "no_such_setting": 1})

    # check

    def test_check_names_the_account(self, source: SourceFixture) -> None:
        assert source.account in run(self.connect(source).check())

    @needs("go_down")
    def test_check_of_an_unreachable_source_fails_with_what_to_do(self, source: Any) -> None:
        source.go_down()
        with pytest.raises(ConnectorFailure) as failure:
            run(self.connect(source).check())
        assert failure.value.message

    # map

    def test_records_map_to_declared_channels(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        for stream, found in self.found(connector, source).items():
            made, rejected = mapped(connector, found)
            assert made, f"{stream} maps to nothing: {[str(each) for each in rejected[:3]]}"
            told = {each.channel for each in made if isinstance(each, Interaction)}
            assert told <= self.connector.manifest.channels, f"{told} are not all declared in the manifest"

    def test_map_is_pure(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        for found in self.found(connector, source).values():
            for record in found:
                before = copy.deepcopy(record.payload)
                once, twice = mapped(connector, [record]), mapped(connector, [record])
                assert record.payload == before, "map changes the payload"
                assert once[0] == twice[0], "map gives something else the second time"
                assert [str(each) for each in once[1]] == [str(each) for each in twice[1]]

    def test_map_needs_neither_secrets_nor_the_source(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        found = [record for held in self.found(connector, source).values() for record in held]
        bare = self.connector.configured(without_secrets(source.config, secrets(connector.config)))
        if offers(type(source), "go_down"):
            source.go_down()  # type: ignore[attr-defined]  # just asked
        assert mapped(bare, found)[0] == mapped(connector, found)[0]

    def test_what_map_gives_can_be_stored(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        for found in self.found(connector, source).values():
            for each in mapped(connector, found)[0]:
                text = each.model_dump_json()
                assert "\\u0000" not in text, "a text holds U+0000"
                text.encode("utf-8")

    @needs("spoil")
    def test_one_spoiled_record_is_rejected_alone_without_personal_data(self, source: Any) -> None:
        connector = self.connect(source)
        good = {stream: self._fates(connector, held) for stream, held in self.found(connector, source).items()}
        source.spoil()
        new_rejections = []
        for stream, held in self.found(connector, source).items():
            fates = self._fates(connector, held)
            for record_version, fate in good[stream].items():
                assert fates.get(record_version) == fate, "a spoiled record spoils another"
            new_rejections += [fates[each] for each in fates.keys() - good[stream].keys() if fates[each] is not None]
        assert len(new_rejections) == 1, f"one record was spoiled, {len(new_rejections)} were rejected"
        words = [CANARY, *CANARY.replace("@", ".").split(".")[:2]]
        for rejection in new_rejections:
            assert not any(word.lower() in str(rejection).lower() for word in words), "the reason holds personal data"

    @staticmethod
    def _fates(connector: Connector[Any], found: list[Record]) -> dict[Any, str | None]:
        """By version: None if it maps, else why it is rejected."""
        fates: dict[Any, str | None] = {}
        for record in found:
            rejected = mapped(connector, [record])[1]
            fates[version(record)] = f"{rejected[0]} {rejected[0].args}" if rejected else None
        return fates
