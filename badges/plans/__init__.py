"""A programme planned as a table: reading it, guessing its columns, and writing it again. Nothing here writes rows."""
