"""The samples of framework files, and tables made for a test."""

import io
import zipfile
from pathlib import Path

from badges.frameworks.reading import read_framework_file

SAMPLES = Path(__file__).parents[2] / "samples" / "frameworks"
ESCO_PARTS = ["skills_en.csv", "skillGroups_en.csv", "broaderRelationsSkillPillar_en.csv"]


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def esco_zip(*, folder: str = "") -> bytes:
    """The samples of ESCO as its download is packed."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ESCO_PARTS:
            archive.write(SAMPLES / name, f"{folder}{name}")
    return data.getvalue()


def table(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def read(data: bytes, name: str = "file", **how: object):
    return read_framework_file(data, file_name=name, **how)


def told(items) -> list[tuple[str, str, str]]:
    """Name, code and the name of the parent of each item."""
    names = {item.uri: item.name for item in items}
    return [(item.name, item.code, names.get(item.parent_uri, "")) for item in items]
