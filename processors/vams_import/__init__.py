"""Import of a VAMS installation: exports of its DynamoDB tables are read, staged, and turned into ordinary commands."""
