#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    # Imported here: settings that are missing must end the process with their sentence, not with a traceback.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "badgeserver.settings")
    from badgeserver.env import SettingMissing  # noqa: PLC0415 -- see above

    try:
        execute_from_command_line(sys.argv)
    except SettingMissing as missing:
        sys.exit(f"{missing}")


if __name__ == "__main__":
    main()
