"""The executor that lets JSON which SQL has already made through untouched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLOutputType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class FragmentExecutor(StrawberryGraphQLCoreExecutionContext):
    """Completes a field by resolving its selection, unless the resolver returned `orjson.Fragment`.

    A fragment stands for the whole completed value of its field: whoever makes it honours the selection, its
    aliases and nullability. A null value is returned as None, never as the fragment `null`.
    """

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> AwaitableOrValue[Any]:
        if type(result) is orjson.Fragment:
            return result
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)


@dataclass(frozen=True, slots=True)
class PositionedEvent:
    """What a subscription yields when its events have a place in the log, for clients to resume after.

    `value` is the root field's value as it would have been yielded bare; `position` becomes the SSE `id:`
    line and is what Last-Event-ID brings back as the root field's argument `after`.
    """

    position: int
    value: object
