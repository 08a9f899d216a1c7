"""Who asks, where nobody said so."""

import getpass
import socket


def this_person() -> str:
    """The user of this process and the machine, such as ``ann@host``."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # the user has no name, as in some containers
        user = "somebody"
    return f"{user}@{socket.gethostname()}"
