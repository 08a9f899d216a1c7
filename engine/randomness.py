"""Random numbers for production."""

import secrets
from fractions import Fraction


class SystemRandomness:
    """The operating system's random numbers; implements the port ``Randomness``."""

    def run_id(self) -> str:
        """Twelve hexadecimal digits."""
        return secrets.token_hex(6)

    def digits(self) -> int:
        """A number from 1000 to 9999."""
        return 1000 + secrets.randbelow(9000)

    def jitter(self) -> Fraction:
        """A fraction from 0 up to 1, in thousandths."""
        return Fraction(secrets.randbelow(1000), 1000)
