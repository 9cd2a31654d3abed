"""Each shape of notification, from a sample as its sender documents it, says the same: which keys to look at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from processors.bucket_sync.notices import BodyUnreadable, Malformed, Notice, Pointless, Reading, read

SAMPLES = Path(__file__).with_name("samples")
JSON = {"content-type": "application/json"}
A = ("shot_010/a.exr",)
EXPECTED: dict[str, list[Reading]] = {
    "aws_s3": [
        Notice(
            "Records[0]", "ObjectCreated:Put", "media", ("shot_010/plate #1 é.exr", "shot_010/plate+%231+%C3%A9.exr")
        ),
        Notice("Records[1]", "ObjectRemoved:DeleteMarkerCreated", "media", ("shot_010/old.exr",)),
        Pointless("Records[2]", "ObjectTagging:Put"),
    ],
    "aws_test_event": [Pointless("", "s3:TestEvent")],
    "minio": [
        Notice(
            "Records[0]",
            "s3:ObjectCreated:CompleteMultipartUpload",
            "media",
            ("shot_010/plate #1 é.exr", "shot_010%2Fplate+%231+%C3%A9.exr"),
        )
    ],
    "vast_record": [Notice("Records[0]", "s3:ObjectCreated:Put", "media", ("shot_010/plate.0001.exr",))],
    "vast_element_event": [
        Notice("", "vastdata.com:Element.ElementCreated", "media", ("shot_010/plate #1.exr",)),
    ],
    "vast_element_event_with_records": [Notice("data.Records[0]", "", "media", A)],
    "versitygw_array": [Notice("[0]", "s3:ObjectCreated:Put", "media", A)],
    "cloudevent_aws": [Notice("data", "ObjectCreated:Put", "media", ("shot_010/a b.exr", "shot_010/a+b.exr"))],
    "cloudevent_s3_part": [Notice("", "com.amazonaws.s3.ObjectRemoved:Delete", "media", ("shot_010/gone.exr",))],
    "cloudevent_flat": [
        Notice("[0]", "com.amazonaws.s3.object.created", "media", A),
        Notice("[1].data", "", "media", ("shot_010/b.exr",)),
    ],
    "event_bridge": [
        Notice("", "Object Created", "media", ("shot_010/100%   more.exr", "shot_010/100% + more.exr")),
    ],
    "sns": [Notice("Message.Records[0]", "ObjectCreated:Copy", "media", A)],
    "sqs_of_sns": [
        Notice("Records[0].body.Message.Records[0]", "ObjectRemoved:Delete", "media", ("shot_010/gone.exr",)),
        Malformed("Records[1].body", "It is no JSON: Expecting value: line 1 column 1 (char 0).", '"not JSON"'),
        Notice("Records[2].body.Records[0]", "ObjectCreated:Put", "media", ("shot_010/b.exr",)),
    ],
}


def _read(body: bytes, headers: dict[str, str] = JSON) -> list[Reading]:
    return list(read(body, headers))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_of_each_sender_is_read(name: str) -> None:
    assert _read((SAMPLES / f"{name}.json").read_bytes()) == EXPECTED[name]


def test_every_sample_is_expected_somewhere() -> None:
    assert {file.stem for file in SAMPLES.iterdir()} == {*EXPECTED, "malformed", "sns_confirmation"}


@pytest.mark.parametrize("name", ["vast_element_event", "cloudevent_aws", "vast_element_event_with_records"])
def test_a_cloud_event_in_binary_form_says_what_its_structured_form_says(name: str) -> None:
    event = json.loads((SAMPLES / f"{name}.json").read_bytes())
    data = event.pop("data")
    headers = {f"ce-{key}": str(value).replace("#", "%23").replace(" ", "%20") for key, value in event.items()}
    assert _read(json.dumps(data).encode(), headers) == EXPECTED[name]


def test_an_element_event_needs_no_body() -> None:
    headers = {"ce-specversion": "1.0", "ce-type": "vastdata.com:Element.ElementDeleted", "ce-elementpath": "media/a/b"}
    assert _read(b"", headers) == [Notice("", "vastdata.com:Element.ElementDeleted", "media", ("a/b",))]


def test_records_that_can_not_be_followed_are_named_and_the_others_count() -> None:
    good, *bad = _read((SAMPLES / "malformed.json").read_bytes())
    assert good == Notice("Records[0]", "ObjectCreated:Put", "media", ("shot_010/good.exr",))
    assert [one.message for one in bad if isinstance(one, Malformed)] == [
        "Records[1] names no key.",
        "Records[2] names no bucket.",
        "Records[3] names no bucket.",
        "Records[4] is no JSON object.",
        "Records[5] is no bucket notification of a known shape.",
        "Records[6] has a key that is no text.",
        "Records[7] has a key that is no text.",
    ]
    assert all(isinstance(one, Malformed) and one.excerpt and "\x00" not in one.excerpt for one in bad)


def test_a_subscription_that_wants_to_be_confirmed_is_shown_and_not_followed() -> None:
    (found,) = _read((SAMPLES / "sns_confirmation.json").read_bytes())
    assert isinstance(found, Malformed)
    assert found.message == (
        "The notification asks to be confirmed: open "
        "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription once."
    )


@pytest.mark.parametrize("body", [b"", b"  ", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(BodyUnreadable):
        _read(body)


def test_envelopes_in_envelopes_end() -> None:
    document: object = {"s3": {"bucket": {"name": "media"}, "object": {"key": "a/b"}}}
    for _ in range(8):
        document = {"Records": [document]}
    (found,) = _read(json.dumps(document).encode())
    assert isinstance(found, Malformed)
    assert found.message.endswith(" is wrapped too often.")


def test_a_key_longer_than_s3_has_them_is_malformed() -> None:
    def of(key: str) -> bytes:
        return json.dumps({"s3": {"bucket": {"name": "media"}, "object": {"key": key}}}).encode()

    (longest,) = _read(of("%C3%A9" * 512))
    assert isinstance(longest, Notice)
    assert longest.keys == ("é" * 512,)
    (longer,) = _read(of("%C3%A9" * 513))
    assert isinstance(longer, Malformed)
    assert longer.message == "The notification names a bucket or key that is longer than S3 has them."
