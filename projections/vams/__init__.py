"""The relational tables: VAMS's nouns under VAMS's keys, with history for time travel."""
