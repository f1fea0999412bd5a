"""The table, and what it adds up to."""

import columns
from runner import Result


def totals(results: list[Result]) -> tuple[int, int, int]:
    """Passed, failed and skipped: the cases under igsrun, which must work, and those run alone, which must not."""
    counted = [result for result in results if result.column in (columns.IGSRUN, columns.NONE)]
    skipped = sum(result.state == "skipped" for result in counted)
    failed = sum(is_wrong(result) for result in counted)
    return len(counted) - skipped - failed, failed, skipped


def is_wrong(result: Result) -> bool:
    return result.state == {columns.NONE: "ok", columns.IGSRUN: "fails"}.get(result.column)


def text(results: list[Result]) -> str:
    names, rows = _rows(results)
    width = max(len(case.name) for case in rows)
    lines = [f"{'':{width}}  " + "".join(f"{name:14}" for name in names)]
    lines += [f"{case.name:{width}}  " + "".join(f"{cells[name].state:14}" for name in names) for case, cells in rows.items()]
    return "\n".join([*(line.rstrip() for line in lines), "", _summary(results, names)])


def reasons(results: list[Result]) -> str:
    """Why something did not work, or was not tried; those that count as failed last."""
    others = [f"{result.column} fails: {result.case.name}: {result.reason}" for result in results
              if result.column in (columns.PROXYCHAINS, columns.DIRECT) and result.state == "fails"]
    skipped = [f"skipped: {result.case.name}, {result.column}: {result.reason}" for result in results if result.state == "skipped"]
    wrong = [f"FAILED: {result.case.name}, {_control(result)}" for result in results if is_wrong(result)]
    return "\n".join([*others, *skipped, *wrong])


def markdown(results: list[Result]) -> str:
    names, rows = _rows(results)
    lines = ["| program | | " + " | ".join(names) + " |", "|---" * (2 + len(names)) + "|"]
    last = None
    for case, cells in rows.items():
        program = "" if case.program == last else f"`{case.program}`"
        last = case.program
        lines.append(f"| {program} | {case.title} | " + " | ".join(cells[name].state.replace("fails", "**fails**") if name != columns.NONE
                                                                  else cells[name].state for name in names) + " |")
    return "\n".join([*lines, "", _summary(results, names)])


def _rows(results: list[Result]):
    names = list(dict.fromkeys(result.column for result in results))
    rows: dict = {}
    for result in results:
        rows.setdefault(result.case, {})[result.column] = result
    return names, rows


def _control(result: Result) -> str:
    if result.column == columns.NONE:
        return "control: it works without any library, so it proves nothing"
    return f"{result.column}: {result.reason}"


def _summary(results: list[Result], names: list[str]) -> str:
    counts = []
    for name in names:
        run = [result for result in results if result.column == name and result.state != "skipped"]
        counts.append(f"{name} {sum(result.state == 'ok' for result in run)} of {len(run)}")
    return "works: " + ", ".join(counts)
