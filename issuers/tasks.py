"""Background work of this room: none so far. Its one mail holds a secret that must not lie in a queue."""
