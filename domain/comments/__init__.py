"""Comments: what people say about an asset, a version, a file or a range of frames."""
