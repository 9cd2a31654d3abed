"""The search index on OpenSearch: the print's documents mirrored into two indexes, and questions in its language."""
