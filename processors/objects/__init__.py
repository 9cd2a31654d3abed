"""Where object versions live: the store contract, a versioned directory, and S3."""
