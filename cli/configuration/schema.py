"""What a configuration file may say. Unknown options are mistakes; numbers are exact.

Options of the file can be overridden by environment variables, such as
``TRUEUP_STORE__URL``. Keys are never in the file: it names the places that hold them.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from ...domain.keeping.retention import Keep, Retention
from ...domain.model.errors import ConfigurationError
from ...domain.model.events import EventKind
from ...domain.model.identity import MonitorKey, PositionMode, Role, Side
from ...domain.model.ladder import Ladder
from ...domain.model.stop import NO_STOP, AnyLadder, LadderBasis, NoStop, RuleLadder, Stop
from ...domain.planning.beyond_market import BeyondMarket
from ...domain.planning.plan import ReplaceMode
from ...domain.recognition.by_hand import ByHand
from ...domain.recognition.classify import DEFAULT_RULES, Adopt, Contradiction, Recognition
from ...domain.venue.account import check_environment
from ...domain.venue.exchange_facts import Lateness
from ...engine.loop.settings import LoopSettings
from ...states.work.settings import RunSettings
from .alerts import AlertsSection
from .kinds import Name, Seconds, Section, Variable, as_mistake, duration
from .ladders import LadderSection, LevelsOrName, given_ladder
from .secrets import CredentialName, SecretFile, SecretPlace, secret_place
from .service import ServiceSection
from .stops import NONE_SECTION, StopOrNone, StopSection
from .telegram import TelegramSection
from .templates import with_templates

ENV_PREFIX = "TRUEUP_"
ENV_NESTING = "__"
_DEFAULTS = RunSettings()
_LATENESS = Lateness()
_LOOP = LoopSettings()
_MICROSECONDS = 1_000_000


def _seconds(default: timedelta) -> Decimal:
    return Decimal(default // timedelta(microseconds=1)) / _MICROSECONDS


class StoreSection(Section):
    """``[store]``: where the database is."""

    url: str = "sqlite:///trueup.db"


class EngineSection(Section):
    """``[engine]``: how often to look, and the budgets of a run; see :class:`RunSettings`."""

    interval_seconds: Seconds = _seconds(_LOOP.interval)
    streams: Annotated[bool, Field(strict=True)] = _LOOP.streams
    streamed_interval_seconds: Seconds = _seconds(_LOOP.streamed_interval)
    runs_per_account: Annotated[int, Field(strict=True, ge=1, le=100)] = _LOOP.max_runs_per_account
    replace: ReplaceMode = _DEFAULTS.replace
    read_budget_seconds: Seconds = _seconds(_DEFAULTS.read_budget)
    grace_seconds: Seconds = _seconds(_DEFAULTS.grace)
    decided_within_seconds: Seconds = _seconds(_DEFAULTS.decided_within)
    requests_late_seconds: Annotated[Seconds, Field(ge=2, le=3600)] = _seconds(_LATENESS.requests)
    reads_late_seconds: Annotated[Seconds, Field(le=3600)] = _seconds(_LATENESS.reads)
    transport: Literal["lean", "pybit"] = "lean"
    pause_seconds: Seconds = _seconds(_DEFAULTS.pause)
    max_rounds: Annotated[int, Field(strict=True, ge=1, le=100)] = _DEFAULTS.max_rounds
    max_requests: Annotated[int, Field(strict=True, ge=20, le=1000)] = _DEFAULTS.max_requests
    retry_after_seconds: Seconds = _seconds(_DEFAULTS.retry_after)
    retry_cap_seconds: Seconds = _seconds(_DEFAULTS.retry_cap)
    contest_changes: Annotated[int, Field(strict=True, ge=2, le=100)] = _DEFAULTS.contest_changes
    contest_window_seconds: Seconds = _seconds(_DEFAULTS.contest_window)
    contest_pause_seconds: Seconds = _seconds(_DEFAULTS.contest_pause)
    contest_cap_seconds: Seconds = _seconds(_DEFAULTS.contest_cap)
    by_hand: ByHand = _DEFAULTS.by_hand
    beyond_market: BeyondMarket = _DEFAULTS.beyond_market
    alerts_of: tuple[EventKind, ...] = tuple(sorted(_DEFAULTS.alerts_of))

    @property
    def loop(self) -> LoopSettings:
        """How often to look, in the form that the engine expects."""
        return LoopSettings(
            interval=duration(self.interval_seconds),
            streamed_interval=duration(self.streamed_interval_seconds),
            max_runs_per_account=self.runs_per_account,
            streams=self.streams,
        )

    @property
    def lateness(self) -> Lateness:
        """How late the exchange may be, in the form that the engine expects."""
        return Lateness(duration(self.requests_late_seconds), duration(self.reads_late_seconds))

    @property
    def settings(self) -> RunSettings:
        """The budgets, in the form that the engine expects."""
        return RunSettings(
            replace=self.replace,
            read_budget=duration(self.read_budget_seconds),
            grace=duration(self.grace_seconds),
            decided_within=duration(self.decided_within_seconds),
            pause=duration(self.pause_seconds),
            max_rounds=self.max_rounds,
            max_requests=self.max_requests,
            retry_after=duration(self.retry_after_seconds),
            retry_cap=duration(self.retry_cap_seconds),
            contest_changes=self.contest_changes,
            contest_window=duration(self.contest_window_seconds),
            contest_pause=duration(self.contest_pause_seconds),
            contest_cap=duration(self.contest_cap_seconds),
            by_hand=self.by_hand,
            beyond_market=self.beyond_market,
            alerts_of=frozenset(self.alerts_of),
        )


def _environment(given: str) -> str:
    with as_mistake():
        check_environment(given)
    return given


class AccountSection(Section):
    """``[accounts.NAME]``: one Bybit UID. The environment has no default: it is real money."""

    environment: Annotated[str, AfterValidator(_environment)]
    api_key_env: Variable | None = None
    api_key_file: SecretFile | None = None
    api_key_credential: CredentialName | None = None
    api_secret_env: Variable | None = None
    api_secret_file: SecretFile | None = None
    api_secret_credential: CredentialName | None = None
    role: Role = Role.MAIN
    follows: str | None = None
    position_mode: PositionMode = PositionMode.ONE_WAY
    auto_watch: Name | None = None

    @property
    def api_key(self) -> SecretPlace:
        """Where the API key is."""
        return secret_place(self, "api_key")

    @property
    def api_secret(self) -> SecretPlace:
        """Where the API secret is."""
        return secret_place(self, "api_secret")

    @model_validator(mode="after")
    def _check_places(self) -> Self:
        """Checks that each secret has one place."""
        _ = self.api_key, self.api_secret
        return self


class MonitorSection(Section):
    """``[[monitors]]``: one position under watch."""

    account: str
    symbol: Name
    side: Side
    ladder: LevelsOrName | None = None
    basis: LadderBasis | None = None
    stop: StopOrNone | None = None

    @property
    def key(self) -> MonitorKey:
        """The monitor's key."""
        return MonitorKey(self.account, self.symbol, self.side)

    @property
    def given_ladder(self) -> AnyLadder | None:
        """The ladder, if one is given: in prices, or by rule."""
        return given_ladder(self.ladder, self.basis)

    @property
    def wanted(self) -> Ladder | None:
        """The ladder in prices, if one is given."""
        ladder = self.given_ladder
        return ladder if isinstance(ladder, Ladder) else None

    @property
    def wanted_by_rule(self) -> RuleLadder | None:
        """The ladder by rule, if one is given."""
        ladder = self.given_ladder
        return ladder if isinstance(ladder, RuleLadder) else None

    @property
    def wanted_stop(self) -> Stop | NoStop | None:
        """The stop, if one is given; ``NO_STOP`` where the file says that there is none."""
        if self.stop is None or self.stop is NONE_SECTION:
            return None if self.stop is None else NO_STOP
        return self.stop.wanted

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        with as_mistake():
            given_ladder(self.ladder, self.basis)
        return self


def _known(families: tuple[str, ...]) -> tuple[str, ...]:
    try:
        Recognition(families=families)
    except ConfigurationError as error:
        raise ValueError(error.message) from None
    return families


class RecognitionSection(Section):
    """``[recognition]``: which live orders may be adopted; see :class:`Recognition`."""

    adopt: Adopt = DEFAULT_RULES.adopt
    families: Annotated[tuple[str, ...], AfterValidator(_known)] = DEFAULT_RULES.families
    contradiction: Contradiction = DEFAULT_RULES.contradiction
    adopt_stops: Annotated[bool, Field(strict=True)] = DEFAULT_RULES.adopt_stops

    @property
    def rules(self) -> Recognition:
        """The rules, in the form that the engine expects."""
        return Recognition(self.adopt, self.families, self.contradiction, self.adopt_stops)


Bound = Annotated[int, Field(strict=True, ge=0)]
_KEPT = Retention()


def _days(keep: Keep) -> int:
    return 0 if keep.age is None else keep.age.days


class RetentionSection(Section):
    """``[retention]``: how long what is over stays in the database; see :class:`Retention`."""

    journal_days: Bound = _days(_KEPT.journal)
    journal_rows: Bound = _KEPT.journal.rows or 0
    alert_days: Bound = _days(_KEPT.alert)
    alert_rows: Bound = _KEPT.alert.rows or 0
    control_days: Bound = _days(_KEPT.control)
    control_rows: Bound = _KEPT.control.rows or 0
    command_days: Bound = _days(_KEPT.command)
    command_rows: Bound = _KEPT.command.rows or 0
    engine_start_days: Bound = _days(_KEPT.engine_start)
    engine_start_rows: Bound = _KEPT.engine_start.rows or 0
    unwatched_days: Bound = _days(_KEPT.unwatched)
    unwatched_rows: Bound = _KEPT.unwatched.rows or 0

    @property
    def kept(self) -> Retention:
        """What is kept, in the form that the engine expects."""
        return Retention(**{each.name: self._keep(each.name) for each in fields(Retention)})

    def _keep(self, table: str) -> Keep:
        days, rows = (getattr(self, f"{table}_{bound}") for bound in ("days", "rows"))
        return Keep(timedelta(days=days) if days else None, rows or None)


class Configuration(BaseSettings):
    """The whole file; the environment goes before it."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix=ENV_PREFIX,
        env_nested_delimiter=ENV_NESTING,
    )

    store: StoreSection = StoreSection()
    engine: EngineSection = EngineSection()
    accounts: Annotated[dict[Name, AccountSection], Field(min_length=1)]
    # Before the monitors that use them: a mistake is reported where it is written.
    stops: dict[Name, StopSection] = Field(default_factory=dict)
    ladders: dict[Name, LadderSection] = Field(default_factory=dict)
    monitors: tuple[MonitorSection, ...] = ()
    recognition: RecognitionSection = RecognitionSection()
    retention: RetentionSection = RetentionSection()
    service: ServiceSection = ServiceSection()
    alerts: AlertsSection = AlertsSection()
    telegram: TelegramSection | None = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:  # noqa: ANN401 - whatever file and environment say
        """Puts the templates where monitors name them."""
        return with_templates(given) if isinstance(given, Mapping) else given

    @property
    def loop(self) -> LoopSettings:
        """How the service spends its time, in the form that the engine expects."""
        return replace(self.engine.loop, retention=self.retention.kept)

    @property
    def settings(self) -> RunSettings:
        """The budgets and rules of runs, in the form that the engine expects."""
        return replace(self.engine.settings, recognition=self.recognition.rules)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, then the file's document."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings
