"""``python -m tests.support.on_servers COMMAND …``: run a command as the owner of a migrated test database."""

import os
import subprocess
import sys

from tests.support import plugin
from tests.support.servers import OWNER


def main(command: list[str]) -> int:
    servers = plugin.at_hand()
    try:
        name = servers.new_database("committed")
        settings = {"DATABASE_URL": servers.url(OWNER, name)}
        done = subprocess.run([sys.executable, *command], env=os.environ | settings, check=False)
        servers.drop_database(name)
        return done.returncode
    finally:
        plugin.pytest_unconfigure()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
