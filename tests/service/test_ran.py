"""What the runs add up to: a quantity that lacks cover counts for as long as it does."""

from decimal import Decimal
from pathlib import Path

from trueup import Ladder
from trueup.domain.copies import replace
from trueup.service.ran import Ran
from trueup.testing import Stage


def test_a_quantity_counts_as_long_as_it_lacks_cover(tmp_path: Path) -> None:
    seconds = [100.0]
    ran = Ran(lambda: seconds[0])
    with Stage(tmp_path, Ladder.of((2, 60), (3, 40))) as stage:
        stage.enter(1000, price=1)
        true = stage.run()
    key = true.key
    bare = replace(true, record=replace(true.record, position_size=Decimal(1250)))
    ran.ran(bare)
    seconds[0] = 110.0
    assert ran.uncovered() == {key: 2500.0}
    ran.ran(true)
    seconds[0] = 200.0
    assert ran.uncovered() == {key: 2500.0}
    assert ran.unprotected() == {key: 0.0}
    ran.ran(bare)
    ran.keeps(())
    seconds[0] = 300.0
    assert ran.uncovered() == {key: 2500.0}
    assert ran.outcomes == {("main", "SUCCESS"): 3}
    assert sum(ran.times["main"].counts) == 3
