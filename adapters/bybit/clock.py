"""The machine's own clock, for whoever brings none."""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Fulfils the port ``Clock`` with the machine's time."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, duration: timedelta) -> None:
        """Waits."""
        time.sleep(duration.total_seconds())
