"""Signatures that any verifier of Standard Webhooks accepts."""

from __future__ import annotations

import base64

from processors.notifications.signing import SigningKeys, signed_headers


def test_the_example_of_the_specification_is_signed_as_it_says() -> None:
    """Secret, id, time, body and signature of the specification's own example."""
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_each_subscription_and_generation_has_a_secret_of_its_own() -> None:
    keys = SigningKeys(b"server")
    secrets = {keys.secret("a", 1), keys.secret("a", 2), keys.secret("b", 1), SigningKeys(b"other").secret("a", 1)}
    assert len(secrets) == 4
    assert keys.secret("a", 1) == keys.secret("a", 1)
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}
