"""The statistics of a table and of a projection, as flatbuffers."""

from __future__ import annotations

from typing import Any

import flatbuffers
from vastdb.vast_flatbuf.tabular import (
    GetProjectionTableStatsResponse,
    GetTableStatsResponse,
    VectorIndexMetadata,
    VipRange,
)

from deploy.vastdb_emulator.store.table import VectorIndex
from deploy.vastdb_emulator.wire.listings import Details

SQL_FUNCTIONS = {"l2sq": "array_distance", "ip": "array_negative_inner_product"}


def table_stats(
    details: Details, *, address: str | None, index: VectorIndex | None = None, has_external_row_ids: bool = False
) -> bytes:
    """The answer to a request for a table's statistics.

    `address` is an IPv4 literal that reaches this server; with None the client goes on with the address it has.
    """
    builder = flatbuffers.Builder()
    addresses = _addresses(builder, [address] if address else [])
    vector_index = _vector_index(builder, index) if index else None
    stats: Any = GetTableStatsResponse
    stats.Start(builder)
    stats.AddNumRows(builder, details.row_count)
    stats.AddSizeInBytes(builder, details.size_bytes)
    stats.AddIsExternalRowidAlloc(builder, has_external_row_ids)
    stats.AddVips(builder, addresses)
    stats.AddSortingKeyEnabled(builder, details.is_sorted)
    stats.AddSortingScore(builder, details.sorting_score)
    stats.AddAcummulativeRowInseritionCount(builder, details.inserted_rows)
    if vector_index is not None:
        stats.AddVectorIndexMetadata(builder, vector_index)
    stats.AddPartitioningKeyEnabled(builder, details.is_partitioned)
    stats.AddNumPartitions(builder, details.partition_count)
    builder.Finish(stats.End(builder))
    return bytes(builder.Output())


def projection_stats(row_count: int, size_bytes: int) -> bytes:
    """The answer to a request for a projection's statistics; it is always up to date."""
    builder = flatbuffers.Builder()
    GetProjectionTableStatsResponse.Start(builder)
    GetProjectionTableStatsResponse.AddNumRows(builder, row_count)
    GetProjectionTableStatsResponse.AddSizeInBytes(builder, size_bytes)
    GetProjectionTableStatsResponse.AddInitialSyncProgress(builder, 100)
    builder.Finish(GetProjectionTableStatsResponse.End(builder))
    return bytes(builder.Output())


def _addresses(builder: Any, addresses: list[str]) -> int:
    ranges = []
    for address in addresses:
        start = builder.CreateString(address)
        VipRange.Start(builder)
        VipRange.AddStartAddress(builder, start)
        VipRange.AddAddressCount(builder, 1)
        ranges.append(VipRange.End(builder))
    GetTableStatsResponse.GetTableStatsResponseStartVipsVector(builder, len(ranges))
    for offset in reversed(ranges):
        builder.PrependUOffsetTRelative(offset)
    vector: int = builder.EndVector()
    return vector


def _vector_index(builder: Any, index: VectorIndex) -> int:
    texts = [
        builder.CreateString(text)
        for text in (
            index.column,
            index.metric,
            SQL_FUNCTIONS[index.metric],
            index.cluster_quantization,
            index.search_quantization,
        )
    ]
    metadata: Any = VectorIndexMetadata
    metadata.Start(builder)
    metadata.AddColumnName(builder, texts[0])
    metadata.AddDistanceMetric(builder, texts[1])
    metadata.AddSqlFunctionName(builder, texts[2])
    metadata.AddClusterQuantization(builder, texts[3])
    metadata.AddSearchQuantization(builder, texts[4])
    offset: int = metadata.End(builder)
    return offset
