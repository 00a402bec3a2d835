"""``make docs``: write docs/workflows.md, docs/access.md and docs/licenses from the code."""

import sys

import django

django.setup()

from tests.support import documents  # noqa: E402 (the tables are there once the apps are)

if __name__ == "__main__":
    sys.stdout.write("\n".join([*documents.write(), ""]))
