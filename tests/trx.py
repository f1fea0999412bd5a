"""Reads the results that `dotnet test --logger trx` writes, and says which failures are never a matter of chance."""

import re
import xml.etree.ElementTree as xml
from dataclasses import dataclass
from pathlib import Path

_SPACE = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}

# The first that a failure's text fits names its kind. A failure of such a kind is a fault even if the test passes when it is run again.
_NEVER_BY_CHANCE = [
    ("hang", r"not (done )?within|neither .* in time|did not end within|no echo within|OperationCanceledException|TaskCanceledException|TimeoutException"),
    ("leak", r"leak|still open|descriptors?\b"),
    ("crash", r"segmentation fault|core dumped|exit code 13[0-9]\b|aborted|ended with code 1[0-9]{2}\b"),
    ("wrong bytes", r"(Collections|Strings|Values) differ|differs from what|came back as another|memcmp|printed b['\"]|wrong byte"),
]


@dataclass(frozen=True)
class Result:
    project: str
    method: str
    """The full name, as in --filter FullyQualifiedName=."""
    name: str
    """With the arguments of a theory, and what else the display name says."""
    outcome: str
    seconds: float
    message: str
    output: str

    @property
    def is_failed(self) -> bool:
        return self.outcome == "Failed"


def read(folder: Path) -> list[Result]:
    """The results of all files in the folder."""
    return [result for file in sorted(folder.glob("*.trx")) for result in _read_file(file)]


def fault_kind(text: str) -> str | None:
    """The kind of a failure that is a fault whatever a second run says, or None."""
    return next((kind for kind, pattern in _NEVER_BY_CHANCE if re.search(pattern, text, re.IGNORECASE)), None)


def _read_file(file: Path):
    root = xml.parse(file).getroot()
    methods = {test.get("id"): test.find("t:TestMethod", _SPACE) for test in root.iterfind(".//t:UnitTest", _SPACE)}
    for result in root.iterfind(".//t:UnitTestResult", _SPACE):
        method = methods[result.get("testId")]
        hours, minutes, seconds = (result.get("duration") or "0:0:0").split(":")
        yield Result(
            project=_project(method),
            method=f"{method.get('className')}.{method.get('name').split('(')[0]}",
            name=result.get("testName"),
            outcome=result.get("outcome"),
            seconds=int(hours) * 3600 + int(minutes) * 60 + float(seconds),
            message=_text(result, "t:Output/t:ErrorInfo/t:Message"),
            output="\n".join(filter(None, (_text(result, "t:Output/t:ErrorInfo/t:StackTrace"), _text(result, "t:Output/t:StdOut")))))


def _project(method) -> str:
    return Path(method.get("codeBase")).stem


def _text(result, path: str) -> str:
    found = result.find(path, _SPACE)
    return (found.text or "").strip() if found is not None else ""
