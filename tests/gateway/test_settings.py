"""Every setting is documented, read from its variable, and named when its value is wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from gateway.settings import PREFIX, SettingInvalid, Settings, read_settings

EXAMPLE = Path(__file__).parents[2] / "deploy" / "environment.example"
HEADER = """\
# Every setting of interneg with its default. Copy the file, take away the # of what you change, and load it before
# `interneg serve` and `interneg work`; options of the command line win over variables.
"""


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)


def test_the_example_documents_every_setting_with_its_default() -> None:
    entries = [
        f"\n# {spec.metadata['description']}\n#{PREFIX}{spec.name.upper()}={_written(spec.default)}\n"
        for spec in fields(Settings)
    ]
    assert EXAMPLE.read_text() == HEADER + "".join(entries)


def test_the_defaults_are_what_the_example_says() -> None:
    lines = [line.removeprefix("#") for line in EXAMPLE.read_text().splitlines() if line.startswith(f"#{PREFIX}")]
    assert read_settings(dict(line.split("=", 1) for line in lines)) == Settings()


def test_units_are_part_of_the_name_of_every_duration() -> None:
    durations = [spec.name for spec in fields(Settings) if isinstance(spec.default, float)]
    assert all(name.endswith("_seconds") for name in durations)
    assert durations == ["drain_seconds", "read_wait_seconds", "statement_seconds", "upload_lifetime_seconds"]


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("INTERNEG_GRAPHIQL", "perhaps", "1 or 0"),
        ("INTERNEG_COMMAND_THREADS", "0", "a whole number from 1"),
        ("INTERNEG_MEDIA_JOBS", "2.5", "a whole number from 1"),
        ("INTERNEG_UPLOAD_MAX_PARTS", "10001", "a whole number from 1 to 10000, as S3 takes no more parts"),
        ("INTERNEG_UPLOAD_PART_BYTES", "5242879", "a number of bytes from 5242880 to 5368709120, as S3 has it"),
        ("INTERNEG_READ_WAIT_SECONDS", "-1", "a number of seconds from 0"),
        ("INTERNEG_STATEMENT_SECONDS", "inf", "a number of seconds from 0"),
        ("INTERNEG_STATEMENT_SECONDS", "nan", "a number of seconds from 0"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_its_variable(variable: str, value: str, expected: str) -> None:
    with pytest.raises(SettingInvalid) as raised:
        read_settings({variable: value})
    assert str(raised.value) == f"{variable} is {value!r}; it must be {expected}."


def test_a_value_that_is_given_wins_over_its_variable() -> None:
    environment = {"INTERNEG_BUCKET": "from-the-environment", "INTERNEG_S3_REGION": "eu-north-1"}
    settings = read_settings(environment, bucket="given", s3_region=None)
    assert (settings.bucket, settings.s3_region) == ("given", "eu-north-1")


def test_secrets_are_not_shown() -> None:
    secrets = [spec.name for spec in fields(Settings) if spec.metadata["is_secret"]]
    hidden: dict[str, Any] = dict.fromkeys(secrets, "hush")
    shown = repr(Settings(**hidden))
    assert secrets == [
        "database_url",
        "s3_access_key",
        "s3_secret_key",
        "vastdb_access_key",
        "vastdb_secret_key",
        "opensearch_url",
        "api_key",
        "webhook_secret",
        "smtp_url",
        "s3_events_token",
    ]
    assert "hush" not in shown
