"""Files of office programs, changed where no office program would."""

import io
import zipfile


def rewritten(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return the file with one text in place of another in all of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as honest, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as other:
        for name in honest.namelist():
            other.writestr(name, honest.read(name).replace(old, new))
    return file.getvalue()
