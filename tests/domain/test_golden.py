"""Every event that was ever stored can be read for ever.

`tests/golden/<topic>.json` holds the stored state of one event of each class version (`<topic>.2.json` and so on for
later ones). A file is never changed once it is on the main branch: a new shape is a new class version with an upcast
and a file of its own.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from domain.catalogue import EVENTS, TOPICS
from domain.event import Event, Stored, encode, stored_topic
from tests.domain.sample_events import CAUSE, SAMPLES

GOLDEN = Path(__file__).parents[1] / "golden"


def _file(topic: str) -> Path:
    """The golden file of a stored topic: `asset-archived/2` is in `asset-archived.2.json`."""
    return GOLDEN / f"{topic.replace('/', '.')}.json"


def _topic(file: Path) -> str:
    return file.stem.replace(".", "/")


def _readable(state: bytes) -> str:
    return msgspec.json.format(state, indent=2).decode() + "\n"


def test_every_class_has_one_sample() -> None:
    assert [type(sample) for sample in SAMPLES] == list(EVENTS)


def test_every_class_version_has_a_golden_file() -> None:
    versions = {
        event.TOPIC if version == 1 else f"{event.TOPIC}/{version}"
        for event in EVENTS
        for version in range(1, event.CLASS_VERSION + 1)
    }
    assert {_topic(file) for file in GOLDEN.iterdir()} == versions


@pytest.mark.parametrize("file", sorted(GOLDEN.iterdir()), ids=lambda file: file.stem)
def test_a_golden_file_decodes_to_the_sample(file: Path) -> None:
    expected = {sample.TOPIC: sample for sample in SAMPLES}[_topic(file).partition("/")[0]]
    assert TOPICS.decode(_topic(file), file.read_bytes()) == Stored(CAUSE, expected)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.TOPIC)
def test_a_sample_is_encoded_as_its_golden_file(sample: Event) -> None:
    assert _readable(encode(CAUSE, sample)) == _file(stored_topic(type(sample))).read_text("utf-8")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.TOPIC)
def test_a_sample_fills_every_field(sample: Event) -> None:
    """A field at its default would be encoded too, but a change of the default would go unseen."""
    for field in msgspec.structs.fields(sample):
        if field.default is not msgspec.NODEFAULT:
            assert getattr(sample, field.name) != field.default, field.name
