"""What every rule of the machine does: give a command and see it refused or carried out as the model says."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from tests.gateway.machine.model import Library, Refused
from tests.gateway.machine.view import VIEW, expected, shown
from tests.gateway.product import Product

NUMBERS = count(1)
Effect = Callable[[Library, Any], object]
"""What a command does to the model. It is given the payload, or None to find out whether it would be refused."""


class Beside(RuleBasedStateMachine):
    """One database of a product that others use before and after, beside the model of it."""

    product: Product

    def __init__(self) -> None:
        super().__init__()
        self.client = self.product.client
        self.database_id = f"machine-{next(NUMBERS)}"
        self.model = Library()
        self.past: list[tuple[int, Library]] = []
        self.keys = count(1)

    def give(
        self,
        name: str,
        effect: Effect,
        document: str | None = None,
        *,
        answer: str = "",
        twice: bool = False,
        **given: Any,
    ) -> Any:
        """Give a command, twice under one idempotency key if so; its payload, None when it was refused as expected."""
        wanted = _refusal(self.model.copy(), effect)
        document = document or (
            f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{"
            f" {answer} position visible errors {{ code message path }} }} }}"
        )
        if not any(key in given for key in ("owner", "assetLinkId", "fromAssetId", "uploadId")):
            given |= {"databaseId": self.database_id}
        if twice:
            given |= {"idempotencyKey": f"{self.database_id}-{next(self.keys)}"}
        payload = self.client.one(document, input=given)
        assert [error["code"] for error in payload["errors"]] == ([wanted] if wanted else [])
        if wanted:
            return None
        effect(self.model, payload)
        if twice:
            again = self.client.one(document, input=given)
            assert (again["position"], again["errors"]) == (payload["position"], [])
        self.past.append((int(payload["position"]), self.model.copy()))
        return payload

    def compare(self, *asset_ids: str) -> None:
        """The assets are what the model says."""
        found = self.read([(asset_id, None) for asset_id in asset_ids])
        assert found == [expected(self.model, asset_id) for asset_id in asset_ids]

    def read(self, wanted: list[tuple[str, int | None]]) -> list[Any]:
        """Assets as they are, or were right after a position."""
        fields = [
            f'v{n}: asset(databaseId: "{self.database_id}", assetId: "{asset}"'
            + (f', asOf: {{position: "{position}"}}' if position else "")
            + ") { ...View }"
            for n, (asset, position) in enumerate(wanted)
        ]
        return [shown(one) for one in self.client.data(f"{{ {' '.join(fields)} }} {VIEW}").values()]


def _refusal(library: Library, effect: Effect) -> str | None:
    try:
        effect(library, None)
    except Refused as refused:
        return refused.code
    return None
