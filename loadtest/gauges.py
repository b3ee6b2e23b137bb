"""What the measuring scripts share: a server's figures in /proc, percentiles, and tables for people."""

import contextlib
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests" / "outside"))
from parley import Failure, Place  # noqa: E402
from run import free_ports  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1024 * 1024

# Nothing that is measured here meets a limit of the door.
OPEN_DOOR = {
    "PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS": "0",
    "PARLEY_LIMITS_HANDSHAKES_PER_SECOND": "0",
    "PARLEY_LIMITS_HANDSHAKES_PER_ADDRESS": "0",
    "PARLEY_LIMITS_MESSAGES_PER_SECOND": "1000000",
    "PARLEY_LIMITS_MESSAGE_BURST": "1000000",
}


def cpu_seconds(pid):
    """What a process has used so far, user and system."""
    # Its name stands in parentheses and may hold anything.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_bytes(pid):
    """What a process has in memory now."""
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def descriptors(pid):
    """How many descriptors a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def raise_descriptors(wanted):
    """Lets this process and its children open so many; fails where the machine does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Failure(f"`ulimit -n` allows {hard} descriptors, {wanted} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def percentile(values, share):
    """The value that so large a share of them do not exceed."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


def latencies(values):
    """p50 / p99 / max of seconds, in milliseconds."""
    if not values:
        return "none"
    figures = [percentile(values, 0.5), percentile(values, 0.99), max(values)]
    return " / ".join(f"{1000 * figure:.1f}" for figure in figures)


def table(head, rows):
    """The rows as a table of Markdown."""
    lines = [head, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]

    def line(cells):
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |"

    return "\n".join(
        [line(head), "| " + " | ".join("-" * width for width in widths) + " |", *map(line, lines[1:])]
    )


@contextlib.contextmanager
def place_of(folder, after):
    """A place with servers from the binaries in `folder`, on free ports not before `after`."""
    with tempfile.TemporaryDirectory(prefix="parley-measure-") as name:
        first = free_ports(after)
        place = Place(pathlib.Path(folder) / "parley", first, first + 19)
        place.folder = pathlib.Path(name)
        try:
            yield place
        finally:
            place.end()


class Samples:
    """Looks at a process ten times a second until it is left: its peaks."""

    def __init__(self, pid, **gauges):
        self.pid = pid
        self.gauges = gauges
        self.before = {name: gauge(pid) for name, gauge in gauges.items()}
        self.most = dict(self.before)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self):
        while not self._over.wait(0.1):
            for name, gauge in self.gauges.items():
                with contextlib.suppress(OSError):
                    self.most[name] = max(self.most[name], gauge(self.pid))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def limits_reached(metrics):
    """The limits that were reached, with how often, as words."""
    name = 'parley_limits_reached_total{limit="'
    found = {key[len(name) : -2]: value for key, value in metrics.items() if key.startswith(name) and value}
    return ", ".join(f"{limit} {value:.0f}" for limit, value in sorted(found.items())) or "none"


def machine():
    """What the figures come from, as a line."""
    model = "an unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    load = os.getloadavg()[0]
    commit = subprocess.run(
        ["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return (
        f"commit {commit or 'unknown'}, {os.cpu_count()} cores of {model}, Linux {os.uname().release},"
        f" load average {load:.1f} before"
    )


def program(main):
    """Runs `main`; a Failure becomes a sentence and status 1."""
    try:
        status = main()
    except Failure as failure:
        print(f"{pathlib.Path(sys.argv[0]).name}: FAILED: {failure}", file=sys.stderr)
        status = 1
    sys.exit(status)
