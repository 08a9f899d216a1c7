"""Which accounts the reconciler of a shard is given."""

from trueup import Account, Role
from trueup.fleet import accounts_of

MAIN = Account("main", "main-key", "main-secret")
MIRROR = Account("mirror", "mirror-key", "mirror-secret", role=Role.MIRROR, follows="main")
OTHER = Account("other", "other-key", "other-secret")


def test_a_shard_has_its_own_and_behind_them_the_mains_that_they_follow() -> None:
    accounts = (MAIN, MIRROR, OTHER)
    assert accounts_of({"mirror", "other"}.__contains__, accounts) == (MIRROR, OTHER, MAIN)
    assert accounts_of({"main", "other"}.__contains__, accounts) == (MAIN, OTHER)
    assert accounts_of(lambda _: False, accounts) == ()
