"""The embedded backend: DuckDB reads Parquet files whose commits are kept by the Delta log."""
