"""The pictures of runs and requests: when, how long, and how it ended, by shape and by word."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trueup.domain.model.journal import ExchangeCall
from trueup.service.page.drawing.chart import BOX_HEIGHT, BOX_WIDTH, draw_chart
from trueup.service.page.drawing.scale import Scale
from trueup.service.page.drawing.strip import Gap, draw_strip
from trueup.service.page.drawing.timeline import LANES, MOST, Ran, Shape, draw_calls, draw_runs

from .asking import TOKEN, Visitor, page_of
from .scene import Scene

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def call(operation: str, outcome: str, after_ms: int, took_ms: int) -> ExchangeCall:
    at = AT + timedelta(milliseconds=after_ms)
    return ExchangeCall("r1", operation, "", outcome, None, took_ms, at)


def test_each_request_has_its_time_its_length_and_its_outcome() -> None:
    sent = [
        call("observe", "complete", 0, 500),
        call("place", "insufficient", 500, 100),
        call("place", "unsure", 600, 400),
    ]
    drawn = draw_calls(sent)
    assert drawn is not None
    assert drawn.took == timedelta(seconds=1)
    assert [(bar.x, bar.width) for bar in drawn.bars] == [(0.0, 50.0), (50.0, 10.0), (60.0, 40.0)]
    assert [bar.shape for bar in drawn.bars] == [Shape.GOOD, Shape.BAD, Shape.OPEN]
    assert drawn.bars[1].words == "2. place: insufficient, 100 ms"


def test_a_request_without_length_is_seen_and_stays_within_the_picture() -> None:
    drawn = draw_calls([call("observe", "complete", 0, 1000), call("place", "accepted", 1000, 0)])
    assert drawn is not None
    last = drawn.bars[-1]
    assert last.width > 0
    assert last.x + last.width <= 100
    alone = draw_calls([call("observe", "complete", 0, 0)])
    assert alone is not None
    assert alone.bars[0].x + alone.bars[0].width <= 100
    assert draw_calls([]) is None


def test_what_the_picture_leaves_out_is_counted() -> None:
    drawn = draw_calls([call("observe", "complete", n, 1) for n in range(MOST + 7)])
    assert drawn is not None
    assert (len(drawn.bars), drawn.left_out) == (MOST, 7)


def test_runs_stand_where_they_began_and_close_ones_below_each_other() -> None:
    ran = [
        Ran("a", AT, AT, "SUCCESS"),
        Ran("b", AT + HOUR / 60, AT + HOUR / 60, "FAILED"),
        Ran("c", AT + HOUR, AT + HOUR, "under way, or cut off, in Placing"),
    ]
    drawn = draw_runs(ran[::-1], Scale(AT, AT + 2 * HOUR, AT + 2 * HOUR))
    assert drawn is not None
    assert [(mark.run.run_id, mark.x) for mark in drawn.marks] == [
        ("a", 1.5),
        ("b", 2.31),
        ("c", 50.0),
    ]
    assert [mark.run.shape for mark in drawn.marks] == [Shape.GOOD, Shape.BAD, Shape.OPEN]
    first, second, third = (mark.y for mark in drawn.marks)
    assert first == third
    assert second > first
    burst = draw_runs([Ran(str(n), AT, AT, "SUCCESS") for n in range(20)], Scale(AT, AT, AT + HOUR))
    assert burst is not None
    assert len({mark.y for mark in burst.marks}) == LANES
    assert draw_runs([], Scale(AT, AT, AT)) is None


def test_a_gap_that_ended_before_the_strip_is_not_on_it() -> None:
    gaps = [Gap(AT - 2 * HOUR, AT - HOUR), Gap(AT - HOUR, AT + HOUR), Gap(AT + HOUR, None)]
    scale = Scale(AT, AT + 2 * HOUR, AT + 2 * HOUR)
    strip = draw_strip(scale, AT, gaps)
    assert [(one.x, one.width) for one in strip.gaps] == [(15.0, 485.0), (500.0, 485.0)]
    assert (strip.known.x, strip.known.width) == (15.0, 970.0)


def test_what_happened_fills_the_axis_however_long_nobody_has_read_since() -> None:
    read = AT + timedelta(seconds=10)
    scale = Scale(AT, read, AT + 5 * HOUR)
    strip = draw_strip(scale, AT + timedelta(seconds=5), [Gap(AT, AT + timedelta(seconds=5))])
    assert scale.is_cut
    ((gap,), known) = strip.gaps, strip.known
    assert (gap.x, gap.width) == (15.0, 412.2)
    assert (known.x, known.width) == (427.2, 412.2), "green since the first run's end, no sooner"
    drawn = draw_runs([Ran("a", AT, read, "FAILED")], scale)
    assert drawn is not None
    assert drawn.marks[0].x == 1.5, "the mark stands on the axis, whole"


def test_the_last_read_is_seen_to_have_found_it_whole() -> None:
    read = AT + timedelta(seconds=10)
    scale = Scale(AT, read, AT + HOUR)
    whole = draw_strip(scale, read, [Gap(AT, read)])
    assert whole.known.width > 0
    lasting = draw_strip(scale, read, [Gap(AT, read), Gap(read, None)])
    assert lasting.known.width == 0


def test_a_monitor_and_a_run_are_shown_with_their_requests(small: Scene, member: Visitor) -> None:
    del small
    monitor = member.get("/monitors/desk0/S0USDT/Buy").text
    run = re.findall(r'href="/runs/(\w+)"', monitor)[0]
    for text in (monitor, member.get(f"/runs/{run}").text):
        picture = text.partition('<svg class="calls"')[2].partition("</svg>\n<p")[0]
        assert re.search(r"<text [^>]*>1\. observe: complete, \d+ ms</text>", picture)
        assert re.search(r"\d+\. place: accepted, \d+ ms", picture)
        assert 'class="shape good"' in picture
    assert re.search(r'class="runs-line"[^>]*aria-label="1 runs[^"]* SUCCESS', monitor)
    assert "Covered in this time" in monitor
    assert "Protected in this time" in monitor


def test_a_strip_is_filled_only_until_the_position_was_last_read(
    small: Scene, tmp_path: Path
) -> None:
    path = tmp_path / "copy.db"
    with (
        closing(sqlite3.connect(small.url.removeprefix("sqlite:///"))) as source,
        closing(sqlite3.connect(path)) as copy,
    ):
        source.backup(copy)
        with copy:
            copy.execute("UPDATE monitor SET position_read_at = NULL")
    with page_of(f"sqlite:///{path}") as visitor:
        visitor.log_in(TOKEN)
        text = visitor.get("/monitors/desk0/S0USDT/Buy").text
    known = re.findall(r'<rect class="known" x="[\d.]+" width="([\d.]+)"', text)
    assert known == ["0.0"] * 4, "what is not known is not shown as covered"


def test_each_arrow_of_the_chart_leads_from_the_edge_of_a_box_to_that_of_another() -> None:
    chart = draw_chart()
    boxes = {box.name: box for box in chart.boxes}
    for arrow in chart.arrows:
        for name, (x, y) in ((arrow.source, arrow.start), (arrow.target, arrow.end)):
            across = abs(x - boxes[name].x) - BOX_WIDTH / 2
            down = abs(y - boxes[name].y) - BOX_HEIGHT / 2
            assert abs(max(across, down)) < 0.11, (arrow.source, arrow.target, name)
