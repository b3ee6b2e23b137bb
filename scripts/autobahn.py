"""The Autobahn test suite, set up and run: which cases there are, and how a server did in each.

Two engines run the same case files. `wstest` is the original and speaks wss too, but needs a Python 2.7;
`kosoku` runs on Python 3 and many cases at once. All is installed under `.build-conformance`, from PyPI.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOME = ROOT / ".build-conformance"
KOSOKU = "kosoku==0.1.0"
SUITE = "autobahntestsuite==25.10.1"

# How a server did in a case: in what it sent, and in how it closed.
Result = collections.namedtuple("Result", "behavior close code")


class SetupError(Exception):
    """What is missing, as a sentence."""


def _run(*command, **more):
    """Runs a command quietly; its output stands in the error."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,
    )
    if done.returncode != 0:
        raise SetupError(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stdout[-2000:]}")
    return done.stdout


def _python2():
    """The path of a Python 2.7; None where there is none."""
    versions = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    found = [shutil.which("python2.7"), *sorted(versions.glob("2.7*/bin/python2.7"), reverse=True)]
    for path in filter(None, found):
        # pyenv's shims are programs that may refuse.
        shown = subprocess.run(
            [path, "-c", "import sys; print(sys.version_info[:2] == (2, 7))"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )
        if shown.stdout.strip() == "True":
            return path
    return None


def _venv(name):
    """An environment of this Python, made where it is missing; its folder of programs."""
    folder = HOME / name
    if not (folder / "bin" / "python").exists():
        _run(sys.executable, "-m", "venv", folder)
    return folder / "bin"


def _ready(folder, wanted, install):
    """Runs `install` unless this very version was installed before."""
    mark = folder / "installed.txt"
    if mark.exists() and mark.read_text() == wanted:
        return
    print(f"conformance: installing {wanted} into {HOME.name}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    install()
    mark.write_text(wanted)


class Wstest:
    """The original; one case after the other, on Python 2.7."""

    name = "wstest"

    def __init__(self):
        python = _python2()
        if python is None:
            raise SetupError(
                "the original suite needs a Python 2.7, in PATH or from pyenv (pyenv install 2.7.18); "
                "the run `fast` does without"
            )
        self.programs = HOME / "py27" / "bin"
        _ready(HOME / "py27", SUITE, lambda: self._install(python))

    def _install(self, python):
        # The last virtualenv that makes environments for 2.7.
        tools = _venv("tools")
        _run(tools / "pip", "install", "-q", "virtualenv<20.22")
        _run(tools / "python", "-m", "virtualenv", "-q", "-p", python, HOME / "py27")
        _run(self.programs / "pip", "install", "-q", "setuptools==44.0.0", "wheel", "incremental==16.10.1")
        _run(self.programs / "pip", "install", "-q", SUITE)

    def run(self, url, cases, reports, seconds):
        """Runs `cases` (`1.*`) and returns their results by number."""
        spec = {
            "outdir": str(reports),
            "servers": [{"agent": "parley", "url": url}],
            "cases": cases,
            "exclude-cases": [],
            "exclude-agent-cases": {},
        }
        (reports / "spec.json").write_text(json.dumps(spec))
        command = [self.programs / "wstest", "-m", "fuzzingclient", "-s", reports / "spec.json"]
        return _results(command, reports, seconds)


class Kosoku:
    """The same cases on Python 3, many at once; ws only."""

    name = "kosoku"

    def __init__(self):
        _ready(HOME / "py3", KOSOKU, lambda: _run(_venv("py3") / "pip", "install", "-q", KOSOKU))

    def run(self, url, cases, reports, seconds):
        """Runs `cases` (`1.*`) and returns their results by number."""
        chosen = [part for case in cases for part in ("-i", case)]
        command = [HOME / "py3" / "bin" / "kosoku", *chosen, "-p", "16", "-o", reports, url]
        return _results(command, reports, seconds)


def _results(command, reports, seconds):
    with open(reports / "run.log", "w") as log:
        try:
            # The status says whether every case passed, which is for the caller to judge.
            subprocess.run(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, timeout=seconds, check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise SetupError(f"the suite did not end within {seconds} s; see {log.name}") from late
    try:
        report = json.loads((reports / "index.json").read_text())
    except (OSError, ValueError) as error:
        raise SetupError(f"the suite wrote no report ({error}); see {log.name}") from error
    return {
        number: Result(case["behavior"], case["behaviorClose"], case.get("remoteCloseCode"))
        for agent in report.values()
        for number, case in agent.items()
    }
