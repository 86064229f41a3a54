"""Coverage-guided and repeatable fuzzing of everything that reads strangers' files: `python -m tests.fuzz`."""
