"""TLS for a whole test: with TEST_WITH_TLS=1 every server of it speaks https and wss, and compresses all.

The test's own authority is believed by Python (SSL_CERT_FILE), by Playwright's Node (NODE_EXTRA_CA_CERTS)
and, really, by Chromium, which reads a database of certificates in the HOME that `window.launch` gives it.
Nothing is told to overlook a bad certificate.
"""

import os
import subprocess

from certificates import Authority

IS_ON = os.environ.get("TEST_WITH_TLS") == "1"
HTTP, WS = ("https", "wss") if IS_ON else ("http", "ws")


class Security:
    """A certificate for loopback, and everybody in this test who believes it."""

    def __init__(self, folder):
        authority = Authority(folder / "authority")
        issued = authority.issue("server", names=["localhost"], addresses=["127.0.0.1"])
        self.certificate, self.key = issued
        self.arguments = ["--tls-cert", self.certificate, "--tls-key", self.key]
        # Whatever is small enough to be sent as it is would not be tested.
        self.environment = {"PARLEY_COMPRESSION_MINIMUM_BYTES": "0"}
        home = folder / "home"
        database = home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        for command in [
            ["-N", "--empty-password"],
            ["-A", "-t", "C,,", "-n", "parley", "-i", authority.certificate],
        ]:
            subprocess.run(["certutil", "-d", f"sql:{database}", *command], check=True)
        # For this process, and for the scripts it starts.
        os.environ["SSL_CERT_FILE"] = authority.certificate
        # Playwright sends its own requests by Node.
        os.environ["NODE_EXTRA_CA_CERTS"] = authority.certificate
        os.environ["TEST_HOME"] = str(home)
