"""The formats on the wire: flatbuffers, Arrow messages, the frames of a query."""
