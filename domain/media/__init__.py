"""What inspection found in one stored object, and the pictures made from it."""
