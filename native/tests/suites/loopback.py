"""CPython's network tests and libuv's suite. Their servers and clients meet on loopback."""

import os
import re
import shutil
import xml.etree.ElementTree
from pathlib import Path

import debian
from column import NOBODY, Column, Unfinished

LIMIT_SECONDS = 1800


class CPython:
    name = "cpython"

    # The tests that open sockets. test_ssl is left out, since test_socket covers its sockets. VSOCK needs a hypervisor.
    _TESTS = ("test_socket", "test_smtplib", "test_ftplib", "test_urllib2_localnet", "test_httplib", "test_telnetlib", "test_poplib",
              "test_imaplib", "test_selectors", "test_epoll", "test_asyncio.test_sock_lowlevel", "test_asyncio.test_streams",
              "test_asyncio.test_server", "test_asyncio.test_sendfile", "test_asyncio.test_buffered_proto")

    def __init__(self, folder: Path, _: Path):
        """Takes interpreter, modules and tests of one version. Tests of a newer version than the machine's Python fail in part."""
        python = "python3.11"
        self.version = debian.newest(f"lib{python}-testsuite")
        debian.unpack([f"{python}-minimal", f"lib{python}-minimal", f"lib{python}-stdlib", f"lib{python}-testsuite"], self.version,
                      folder / self.name, folder / self.name / "files")
        self._program = folder / self.name / "files" / "usr" / "bin" / python

    def run(self, column: Column) -> dict[str, str]:
        report = column.folder / "cpython.xml"
        column.run_on_loopback(self.name, [self._program, "-m", "test", "-j1", "--junit-xml", report, "--timeout", "300", "-i", "*VSOCK*",
                                           *self._TESTS], LIMIT_SECONDS)
        if not report.exists():
            raise Unfinished("no report")
        states = {}
        for case in xml.etree.ElementTree.parse(report).iter("testcase"):
            kinds = {child.tag for child in case}
            states[f"{case.get('classname') or ''}{case.get('name') or ''}"] = (
                "fails" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "ok")
        return states

    def close(self):
        pass


class LibUv:
    name = "libuv"

    def __init__(self, folder: Path, _: Path):
        path = folder / self.name
        source = debian.source("libuv1", None, path)
        self.version = debian.command("dpkg-parsechangelog", "-S", "Version", cwd=source).strip()
        debian.command("cmake", "-S", source, "-B", path / "build", "-DCMAKE_BUILD_TYPE=Release")
        debian.command("cmake", "--build", path / "build", "-j", "2", "--target", "uv_run_tests")
        self._program, self._fixtures = path / "build" / "uv_run_tests", source / "test" / "fixtures"

    def run(self, column: Column) -> dict[str, str]:
        # The tests read and change these files below their working folder.
        fixtures = column.work(f"{self.name}-work") / "test" / "fixtures"
        shutil.copytree(self._fixtures, fixtures)
        for each in (fixtures.parent, fixtures, *fixtures.rglob("*")):
            os.chown(each, NOBODY, NOBODY)
        output = column.run_on_loopback(self.name, [self._program], LIMIT_SECONDS)
        planned = re.search(r"^1\.\.(\d+)$", output, re.MULTILINE)
        states = {}
        for result, name, skip in re.findall(r"^(ok|not ok) \d+ - (\w+)(.*SKIP)?", output, re.MULTILINE):
            states[name] = "skipped" if skip else "ok" if result == "ok" else "fails"
        if not planned or len(states) != int(planned[1]):
            raise Unfinished(f"{len(states)} results of {planned[1] if planned else 'no'} tests")
        return states

    def close(self):
        pass
