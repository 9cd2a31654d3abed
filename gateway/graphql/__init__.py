"""The GraphQL transport: HTTP, SSE and WebSocket in front of any Strawberry schema."""
