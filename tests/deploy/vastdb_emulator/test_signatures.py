"""Who may ask: requests signed with the right secret, over exactly what was sent."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests
from aws_requests_auth.aws_auth import AWSRequestsAuth
from vastdb import errors

from deploy.vastdb_emulator.process import ACCESS_KEY, SECRET_KEY, EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import connect

SECONDS = 10


def _signed(endpoint: str, method: str, path: str, *, body: bytes = b"") -> requests.PreparedRequest:
    auth = AWSRequestsAuth(ACCESS_KEY, SECRET_KEY, urlsplit(endpoint).netloc, "", "s3")
    return requests.Request(method, f"{endpoint}{path}", data=body, auth=auth).prepare()


def _status(endpoint: str, request: requests.PreparedRequest) -> int:
    connection = HTTPConnection(urlsplit(endpoint).netloc, timeout=SECONDS)
    assert request.body is None or isinstance(request.body, bytes)
    connection.request(str(request.method), request.path_url, body=request.body, headers=dict(request.headers))
    status = connection.getresponse().status
    connection.close()
    return status


def test_another_secret_is_refused(running: EmulatorProcess) -> None:
    with pytest.raises(errors.Forbidden):
        connect(running.endpoint, secret="another")


def test_a_request_without_a_signature_is_refused(running: EmulatorProcess) -> None:
    assert requests.get(f"{running.endpoint}/vastdb?schema", timeout=SECONDS).status_code == 403


def test_a_signed_request_is_taken_as_it_was_signed_only(running: EmulatorProcess) -> None:
    request = _signed(running.endpoint, "PUT", "/vastdb/signed", body=b"what was signed")
    assert _status(running.endpoint, request) == 200
    request.body = b"what was forged"
    assert _status(running.endpoint, request) == 403


def test_a_signature_does_not_serve_another_path_or_method(running: EmulatorProcess) -> None:
    request = _signed(running.endpoint, "GET", "/vastdb?schema")
    assert _status(running.endpoint, request) == 200
    request.method = "DELETE"
    assert _status(running.endpoint, request) == 403
    request = _signed(running.endpoint, "GET", "/vastdb?schema")
    request.url = f"{running.endpoint}/vastdb?table"
    assert _status(running.endpoint, request) == 403
