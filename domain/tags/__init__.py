"""Tag types and tags: the words that assets and links may be tagged with, and who uses them."""
