"""Files: one stream a path, holding the object versions observed there."""
