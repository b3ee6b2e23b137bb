#!/usr/bin/env python3
"""Holds `parley serve --diagnostics` against the Autobahn test suite (RFC 6455 and RFC 7692).

Usage: conformance.py BINARY [RUN...]

The runs, and what is expected of each case, stand in Tests/conformance/expected.json: a case is OK, and
closes as it should, unless it is listed there with its reason. Any difference fails, also a better result or
a case that did not run. Without RUN all are run but `fast`, which is for `make test`.
"""
import collections
import fnmatch
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

import autobahn

EXPECTED = autobahn.ROOT / "Tests" / "conformance" / "expected.json"
GOOD = autobahn.Result("OK", "OK", None)


class Server:
    """`parley serve --diagnostics` with an archive in memory, on a free port of loopback."""

    def __init__(self, binary, folder, options, is_secure):
        scheme = "https://" if is_secure else ""
        port = free_port()
        command = [binary, "serve", "--diagnostics", "--archive", "memory:", "--workers", "1"]
        command += ["--listen", f"{scheme}127.0.0.1:{port}"]
        if is_secure:
            command += certificate(folder)
        if options:
            settings = folder / "parley.json"
            settings.write_text(json.dumps(options))
            command += ["--config", settings]
        self.url = f"{'wss' if is_secure else 'ws'}://127.0.0.1:{port}/echo"
        self.said = collections.deque(maxlen=20)
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
        )
        listens = threading.Event()
        threading.Thread(target=self._read, args=(listens,), daemon=True).start()
        if not listens.wait(60) or self.process.poll() is not None:
            self.process.kill()
            raise autobahn.SetupError("the server does not listen: " + "".join(self.said))

    def _read(self, listens):
        for line in self.process.stderr:
            self.said.append(line)
            if "listening on" in line:
                listens.set()
        listens.set()

    def stop(self):
        """Drains it; a sentence where it did not end as it should, or had ended before."""
        if self.process.poll() is not None:
            return f"the server ended by itself with status {self.process.returncode}: " + "".join(self.said)
        self.process.terminate()
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "the server does not drain"
        return f"the server ended with status {status}: " + "".join(self.said) if status else None


def free_port():
    """A port that nobody listens at, below those that the kernel gives to clients."""
    for port in range(24_100, 24_400):
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise autobahn.SetupError("no port is free")


def certificate(folder):
    """A certificate that nobody trusts, which the suite does not ask for; the options that name it."""
    files = [folder / "cert.pem", folder / "key.pem"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
         "-out", files[0], "-keyout", files[1]],
        check=True, capture_output=True, stdin=subprocess.DEVNULL,
    )
    return ["--tls-cert", files[0], "--tls-key", files[1]]


def in_order(numbers):
    """Cases as the suite counts them: 9.8 before 10.1."""
    return sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])


def wanted(expected, run):
    """The result that each case of a run has to have."""
    groups = expected["groups"].items()
    numbers = [f"{group}.{number}" for group, count in groups for number in range(1, count + 1)]
    chosen = [n for n in numbers if any(fnmatch.fnmatchcase(n, glob) for glob in run["cases"])]
    results = dict.fromkeys(chosen, GOOD)
    for exception in expected["exceptions"]:
        if run["engine"] in exception.get("engines", [run["engine"]]):
            result = autobahn.Result(exception["behavior"], exception["close"], exception.get("code"))
            results.update({n: result for n in exception["cases"] if n in results})
    return results


def told(result):
    code = "" if result.code is None else f" with {result.code}"
    return f"{result.behavior}, close {result.close}{code}"


def differences(results, expectation):
    """A line for each case that did not go as expected."""
    lines = []
    for number in in_order(set(results) | set(expectation)):
        if number not in results:
            lines.append(f"{number}: did not run")
        elif number not in expectation:
            lines.append(f"{number}: is not among the expected cases")
        else:
            got, hoped = results[number], expectation[number]
            # The suite judges the code itself, but for cases in which it takes any.
            if got[:2] != hoped[:2] or hoped.code not in (None, got.code):
                lines.append(f"{number}: {told(got)}; expected {told(hoped)}")
    return lines


def judge(binary, name, expected):
    """Runs one run, prints how it went, and returns whether it went as expected."""
    run = expected["runs"][name]
    engine = {"wstest": autobahn.Wstest, "kosoku": autobahn.Kosoku}[run["engine"]]()
    reports = autobahn.HOME / "reports" / name
    reports.mkdir(parents=True, exist_ok=True)
    (reports / "index.json").unlink(missing_ok=True)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(binary, pathlib.Path(folder), run.get("options"), run.get("tls", False))
        try:
            results = engine.run(server.url, run["cases"], reports, run["seconds"])
        finally:
            failure = server.stop()
    lines = differences(results, wanted(expected, run)) + ([failure] if failure else [])
    counts = collections.Counter(result.behavior for result in results.values())
    summary = ", ".join(f"{count} {behavior}" for behavior, count in counts.most_common())
    print("\n".join("  " + line for line in lines), end="\n" if lines else "")
    print(
        f"conformance {name}: {len(results)} cases by {run['engine']} in {time.monotonic() - begin:.0f} s: "
        f"{summary}; {'as expected' if not lines else f'{len(lines)} not as expected, see {reports}'}",
        flush=True,
    )
    return not lines


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    binary = pathlib.Path(arguments[0]).resolve()
    expected = json.loads(EXPECTED.read_text())
    names = arguments[1:] or [name for name in expected["runs"] if name != "fast"]
    unknown = [name for name in names if name not in expected["runs"]]
    if unknown:
        sys.exit(f"no such run: {', '.join(unknown)}; there are {', '.join(expected['runs'])}")
    try:
        went = [judge(binary, name, expected) for name in names]
    except autobahn.SetupError as error:
        sys.exit(f"error: conformance: {error}")
    sys.exit(0 if all(went) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
