"""The table of targets: what is tried, from which seeds, changed by which mutator."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.fuzz import mutators, promises, seeds, worlds
from tests.fuzz.mutators import Mutator

MAX_SECONDS = 2.0


class TooSlow(Exception):
    """One input took more than two seconds of the processor."""


@dataclass(frozen=True)
class Target:
    """One reader: `promise` fails where it breaks its promise, for any bytes."""

    name: str
    promise: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]
    mutate: Mutator

    def attempt(self, data: bytes) -> None:
        """Try one input, and fail when it takes too long."""
        began = time.process_time()
        self.promise(data)
        spent = time.process_time() - began
        if spent > MAX_SECONDS:
            raise TooSlow(f"{spent:.1f} seconds for {len(data)} bytes")


TARGETS = {
    target.name: target
    for target in (
        Target("unbake_png", promises.unbake_any, seeds.png_files, mutators.mutate_png),
        Target("unbake_svg", promises.unbake_any, seeds.svg_files, mutators.mutate_xml),
        Target("accept_png", promises.accept_png, seeds.png_files, mutators.mutate_png),
        Target("scrub_svg", promises.scrub_svg, seeds.svg_files, mutators.mutate_xml),
        Target("read_jws", promises.read_jws, seeds.jws_texts, mutators.mutate_jws),
        Target("read_json", promises.read_json, seeds.json_texts, mutators.mutate_json),
        Target("read_linked_data", promises.read_linked_data, worlds.linked_documents, mutators.mutate_json),
        Target("verify_badge", promises.verify_any, worlds.badge_cases, mutators.mutate_json),
        Target("verify_credential", promises.verify_any, worlds.credential_cases, mutators.mutate_json),
        Target("show_markdown", promises.show_markdown, seeds.markdown_texts, mutators.mutate_markdown),
    )
}


BROKEN = "broken"


def target_named(name: str) -> Target:
    """Return a target of the table, or the one on which the fuzzer itself is tried."""
    if name == BROKEN:
        return Target(
            BROKEN, promises.break_promise, lambda: iter([b"abc"]), lambda data, _dice, generic: generic(data, 99)
        )
    return TARGETS[name]


def without_atheris(target: Target, *, rounds: int, seed: int = 1) -> None:
    """Try each seed and then that many mutations of them: the same ones in each run, on any Python."""
    dice = random.Random(seed)  # noqa: S311 -- to be repeatable is the point

    def generic(data: bytes, max_size: int) -> bytes:
        return mutators.scramble(data, max_size, dice=dice)

    pool = list(target.seeds())
    for data in pool:
        target.attempt(data)
    for _ in range(rounds):
        data = target.mutate(dice.choice(pool), dice, generic)
        if dice.random() < 0.3:
            data = target.mutate(data, dice, generic)
        target.attempt(data)
