"""What the project's SQL becomes on PostgreSQL."""

import pytest

from trueup.storage.postgres.dialect import in_words_of_postgres, statement_of_postgres


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT iif(a = 'x, y)', b, c)", "SELECT CASE WHEN a = 'x, y)' THEN b ELSE c END"),
        (
            "CAST(json_extract(e.value, '$[2].level') AS INTEGER)",
            "CAST((((e.value)::json #> '{2,level}') #>> '{}') AS BIGINT)",
        ),
        ("instr(a, iif(b, c, d)) > 0", "strpos(a, CASE WHEN b THEN c ELSE d END) > 0"),
        ("SELECT +i.price FROM intent i", "SELECT i.price FROM intent i"),
        ("substr(inputs, 1, 1) = x'0a'", r"substr(inputs, 1, 1) = '\x0a'::bytea"),
    ],
)
def test_a_call_is_said_otherwise(ours: str, theirs: str) -> None:
    assert in_words_of_postgres(ours) == theirs


def test_parameters_are_found_outside_of_texts_alone() -> None:
    sql = "SELECT a FROM t WHERE b = ? AND c LIKE '%?' AND d = :name"
    assert statement_of_postgres(sql) == (
        "SELECT a FROM t WHERE b = %s AND c LIKE '%%?' AND d = %(name)s"
    )


def test_a_path_that_is_no_path_is_refused() -> None:
    with pytest.raises(ValueError, match="no path of JSON"):
        in_words_of_postgres("SELECT json_array_length(a, b)")
