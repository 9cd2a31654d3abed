"""How a connection notices that the host of the database is gone."""

from __future__ import annotations

from psycopg.conninfo import conninfo_to_dict

from gateway.ledger.datastore import DEFAULTS, attentive


def test_what_the_url_says_of_a_silent_host_wins() -> None:
    given = "postgresql://ada@db/library?keepalives_idle=60&tcp_user_timeout=1000"
    named = {"host": "db", "user": "ada", "dbname": "library", "keepalives_idle": "60", "tcp_user_timeout": "1000"}
    told = conninfo_to_dict(attentive(given))
    assert {name: told[name] for name in named} == named
    assert {name: told[name] for name in DEFAULTS if name not in named} == {
        "connect_timeout": "5",
        "keepalives_interval": "2",
        "keepalives_count": "3",
    }
    assert attentive(attentive(given)) == attentive(given)
