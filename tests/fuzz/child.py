"""One target in a process of its own, instrumented: `python -m tests.fuzz.child target [options of libFuzzer]`."""

import os
import random
import sys

import atheris

if __name__ == "__main__":
    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=["badgeserver"]):
        import badgeserver.markdown
        import badgeserver.openbadges
        import badgeserver.pictures  # noqa: F401 -- imported here so that their branches are counted

    from tests.fuzz.targets import target_named

    target = target_named(sys.argv.pop(1))
    corpus = sys.argv[-1]
    for number, seed in enumerate(target.seeds()):
        path = os.path.join(corpus, f"seed-{number:03}")  # noqa: PTH118 -- libFuzzer's folder, as it was given
        with open(path, "wb") as out:  # noqa: PTH123
            out.write(seed)

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        return target.mutate(data, random.Random(seed), atheris.Mutate)[:max_size]  # noqa: S311

    atheris.Setup(sys.argv, target.attempt, custom_mutator=mutate)
    atheris.Fuzz()
