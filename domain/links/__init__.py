"""Links between assets: related ones, and parents with their children, with metadata of their own."""
