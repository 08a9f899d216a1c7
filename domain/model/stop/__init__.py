"""What a user sets of protection: the stop, the rules that move it, and ladders by rule."""

from .auto_watch import AutoWatch as AutoWatch
from .choices import NO_STOP as NO_STOP
from .choices import NoStop as NoStop
from .choices import OnCrossed as OnCrossed
from .choices import StopForm as StopForm
from .choices import TriggerBy as TriggerBy
from .entries import CancelEntries as CancelEntries
from .ladder_rule import BY_RULE as BY_RULE
from .ladder_rule import AnyLadder as AnyLadder
from .ladder_rule import LadderBasis as LadderBasis
from .ladder_rule import LevelRule as LevelRule
from .ladder_rule import LevelUnit as LevelUnit
from .ladder_rule import RuleLadder as RuleLadder
from .ladder_rule import RuleRecord as RuleRecord
from .ladder_rule import check_runner as check_runner
from .parts import Breakeven as Breakeven
from .parts import Trailing as Trailing
from .stop import Stop as Stop
