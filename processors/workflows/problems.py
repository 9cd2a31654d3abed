"""Files that should have started a workflow and did not: nobody waits for the answer, so it is kept for who looks."""

from __future__ import annotations

from typing import Any, NamedTuple

from psycopg import Connection

ADD = """
INSERT INTO workflows.trigger_problems
    (position, workflow_database_id, workflow_id, database_id, asset_id, path, code, message, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp())
ON CONFLICT (position, workflow_database_id, workflow_id) DO UPDATE SET
    code = excluded.code, message = excluded.message, at = excluded.at
"""
FORGET = "DELETE FROM workflows.trigger_problems WHERE at < clock_timestamp() - interval '30 days'"


class TriggerProblem(NamedTuple):
    """Why the event at a position started no execution."""

    position: int
    workflow_database_id: str
    workflow_id: str
    database_id: str
    asset_id: str
    path: str
    code: str
    message: str


def tell(connection: Connection[Any], problem: TriggerProblem) -> None:
    """Note it, once an event and workflow, and forget what is older than a month."""
    connection.execute(FORGET.encode())
    connection.execute(ADD.encode(), problem)
