"""How the local store keeps bytes on disk so that a kill at any moment loses nothing acknowledged."""
