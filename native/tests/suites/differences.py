"""Compares the columns of a suite. The file known-differences has the differences that may be."""

from pathlib import Path

from column import ALONE, NAMES

FILE = Path(__file__).with_name("known-differences")
SOMETIMES = "?"
NOT_RUN = "not run"


class Known:
    """The lines of one suite, and those that no test has needed so far."""

    def __init__(self, suite: str):
        rows = [line.split(maxsplit=3) for line in FILE.read_text().splitlines() if line.strip() and not line.startswith("#")]
        self._rows = [(column, test) for of, column, test, _ in rows if of == suite and column != "version"]
        self._unused = {row for row in self._rows if not row[1].startswith(SOMETIMES)}
        self.version = next((version for of, column, version, _ in rows if of == suite and column == "version"), None)

    def has(self, column: str, test: str) -> bool:
        found = [row for row in self._rows if row[0] == column and row[1].removeprefix(SOMETIMES) == test]
        self._unused -= set(found)
        return bool(found)

    def unused(self) -> list[str]:
        return sorted(f"{column}: {test}" for column, test in self._unused)


def compare(suite: str, version: str, results: dict[str, dict[str, str]], known: Known) -> tuple[int, int, int]:
    """Returns how many passed, failed and were skipped. Prints each difference."""
    passed = failed = skipped = 0
    control = results[ALONE]
    if version != known.version:
        print(f"{suite}: known-differences was made with version {known.version}")
    if not all(results.values()):
        print(f"FAILED: {suite}: a column has no results")
        return 0, 1, 0
    for column in NAMES[1:]:
        for test in sorted(control | results[column]):
            expected, state = control.get(test, NOT_RUN), results[column].get(test, NOT_RUN)
            if state == expected:
                # A test that also fails alone shows nothing.
                passed += state == "ok"
                skipped += state != "ok"
                if state == "fails":
                    print(f"skipped: {suite}, {column}: {test} also fails alone")
            elif state != NOT_RUN and known.has(column, test):
                skipped += 1
                print(f"known: {suite}, {column}: {test}: {state}, alone {expected}")
            else:
                failed += 1
                print(f"FAILED: {suite}, {column}: {test}: {state}, alone {expected}")
    for line in known.unused():
        failed += 1
        print(f"FAILED: {suite}, {line}: is in known-differences and does not differ")
    return passed, failed, skipped
