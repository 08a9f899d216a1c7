"""The world's clock and chance."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)

    def sleep(self, duration: timedelta) -> None:
        """Waits."""
        time.sleep(max(duration.total_seconds(), 0))


class SystemChance:
    """Randomness of the operating system."""

    def run_id(self) -> str:
        """Twelve hexadecimal digits."""
        return secrets.token_hex(6)

    def digits(self) -> int:
        """A number from 1000 to 9999."""
        return 1000 + secrets.randbelow(9000)

    def jitter(self) -> Fraction:
        """A fraction from 0 up to 1, in thousandths."""
        return Fraction(secrets.randbelow(1000), 1000)
