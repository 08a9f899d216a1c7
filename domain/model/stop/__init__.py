"""What a user sets of protection: where the stop is, and by which rules it moves."""

from .choices import OnCrossed as OnCrossed
from .choices import StopForm as StopForm
from .choices import TriggerBy as TriggerBy
from .entries import CancelEntries as CancelEntries
from .parts import Breakeven as Breakeven
from .parts import Trailing as Trailing
from .stop import Stop as Stop
