#!/usr/bin/env python3
"""What strangers who look for weaknesses of TLS say about the gateway's: testssl.sh and sslyze.

Usage: tls.py BIN_FOLDER [--only testssl|sslyze] [--rsa] [--keep FOLDER]

A test CA of its own signs the gateway's certificate. testssl.sh (Debian, package testssl.sh) judges the door
with that CA added to those it trusts; sslyze (PyPI, in a virtual environment of its own) holds it against
Mozilla's recommendation "intermediate". What they complain of is printed in two parts: what is counted, and
what is listed with the reason why it is not the gateway's. Status 1 if something is counted, or one of them
could not finish.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys

from gauges import HERE, Failure, machine, place_of, program
from certificates import Authority

SECONDS = 600
SSLYZE = "sslyze==6.3.1"
# Findings by the beginning of their name: why they are not about the gateway.
LISTED = {
    "engine_problem": "about the openssl program that testssl.sh uses itself",
    "scanTime": "about the scan itself",
    "DNS": "a name on loopback has no CAA record",
    "OCSP": "a test CA answers no OCSP, so there is nothing to staple",
    "cert_revocation": "a test CA has neither CRL nor OCSP",
    "cert_crlDistributionPoints": "a test CA has no CRL",
    "cert_ocspURL": "a test CA answers no OCSP",
    "cert_trust": "the certificate is a test CA's",
    "cert_chain_of_trust": "the certificate is a test CA's",
    "cert_caIssuers": "the certificate is a test CA's",
    "cert_expirationStatus": "the certificate is made for one run",
    "cert_notAfter": "the certificate is made for one run",
    "cert_notBefore": "the certificate is made for one run",
    "cert_extlifeSpan": "the certificate is made for one run",
    "certificate_transparency": "a test CA is in no public log",
    "HSTS": "whether a host is never plain again is its operator's to say",
    "HPKP": "browsers have given it up (RFC 7469 is dead)",
    "BREACH": "compressed are files of the page, the same for everybody and without a secret",
    "banner": "no statement about TLS",
    "cookie": "no statement about TLS",
}
FINE = ("OK", "INFO", "DEBUG")


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, metavar="BIN_FOLDER")
    parser.add_argument("--only", choices=["testssl", "sslyze"])
    parser.add_argument("--rsa", action="store_true", help="with an RSA key; without it ECDSA")
    parser.add_argument("--keep", type=pathlib.Path, help="where their reports are left")
    return parser.parse_args()


def call(arguments, file):
    """Runs a judge to its end; what it said goes to `file`."""
    with open(file, "wb") as output:
        try:
            streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
            subprocess.run(arguments, **streams, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as late:
            raise Failure(f"{arguments[0]} did not end within {SECONDS} s; see {file}") from late


def testssl(server, authority, folder):
    """What testssl.sh complains of: (name, how bad, in words)."""
    program_name = shutil.which("testssl") or shutil.which("testssl.sh")
    if not program_name:
        raise Failure("testssl.sh is missing: scripts/setup.sh bench installs it")
    report = folder / "testssl.json"
    options = ["--quiet", "--color=0", "--warnings=off", "--ip=127.0.0.1"]
    options += [f"--add-ca={authority.certificate}", f"--jsonfile={report}"]
    call([program_name, *options, f"localhost:{server.port}"], folder / "testssl.txt")
    if not report.exists():
        raise Failure(f"testssl.sh wrote no report: {(folder / 'testssl.txt').read_text()[-400:]}")
    findings = json.loads(report.read_text())
    if not any(finding["id"] == "scanTime" and finding["severity"] == "INFO" for finding in findings):
        raise Failure(f"testssl.sh was interrupted: {(folder / 'testssl.txt').read_text()[-400:]}")
    print(
        f"testssl.sh: {len(findings)} findings, {sum(f['severity'] in FINE for f in findings)} of them fine"
    )
    grades = [
        f"{f['id']} {f['finding']}" for f in findings if f["id"].startswith(("overall", "final_score"))
    ]
    if grades:
        print("testssl.sh grades: " + ", ".join(grades))
    return [(f["id"], f["severity"], f["finding"]) for f in findings if f["severity"] not in FINE]


def sslyze_program():
    """Its program; installed once."""
    home = HERE.parent / ".venv-sslyze"
    if not (home / "bin" / "sslyze").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        install = [home / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, SSLYZE], stdin=subprocess.DEVNULL, check=True)
    return home / "bin" / "sslyze"


def sslyze(server, authority, folder):
    """What sslyze complains of: (name, how bad, in words)."""
    report, said = folder / "sslyze.json", folder / "sslyze.txt"
    # What the recommendation does not look at is asked for by name.
    options = ["--early_data", "--resum", "--mozilla_config=intermediate"]
    options += [f"--certinfo_ca_file={authority.certificate}", f"--json_out={report}"]
    call([sslyze_program(), *options, f"localhost:{server.port}"], said)
    if not report.exists():
        raise Failure(f"sslyze wrote no report: {said.read_text()[-400:]}")
    scan = json.loads(report.read_text())["server_scan_results"]
    if not scan or scan[0]["scan_status"] != "COMPLETED":
        raise Failure(f"sslyze could not scan: {said.read_text()[-400:]}")
    results = scan[0]["scan_result"]
    unfinished = [name for name, one in results.items() if one and one["status"] == "ERROR"]
    verdicts = compliance(said.read_text())
    print(
        f"sslyze: {sum(one['status'] == 'COMPLETED' for one in results.values() if one)} scans;"
        f" Mozilla's intermediate: {'compliant' if not verdicts else 'not compliant'}"
    )
    weak = [(name, "WEAK", sentence) for name, sentence in weaknesses(results)]
    return [(name, "ERROR", "the scan failed") for name in unfinished] + weak + verdicts


def compliance(text):
    """The sentences in which it does not fit Mozilla's recommendation."""
    _, found, verdict = text.partition("COMPLIANCE AGAINST TLS CONFIGURATION")
    if not found:
        raise Failure("sslyze said nothing of Mozilla's recommendation")
    lines = [line.strip()[2:] for line in verdict.splitlines() if line.strip().startswith("* ")]
    if not lines and "OK - Compliant" not in verdict:
        raise Failure(f"sslyze's verdict is none that is known: {verdict[-400:]}")
    return [(line.partition(":")[0], "MOZILLA", line.partition(":")[2].strip()) for line in lines]


def weaknesses(results):
    """What its single scans found, as (scan, sentence)."""

    def of(scan):
        return (results.get(scan) or {}).get("result") or {}

    for scan in [
        "ssl_2_0_cipher_suites",
        "ssl_3_0_cipher_suites",
        "tls_1_0_cipher_suites",
        "tls_1_1_cipher_suites",
    ]:
        if of(scan).get("accepted_cipher_suites"):
            yield scan, "a version is spoken that should not be"
    for scan in ["tls_1_2_cipher_suites", "tls_1_3_cipher_suites"]:
        if not of(scan).get("accepted_cipher_suites"):
            yield scan, "a version is not spoken that should be"
    if of("tls_compression").get("supports_compression"):
        yield "tls_compression", "TLS compresses (CRIME)"
    if of("tls_1_3_early_data").get("supports_early_data"):
        yield "tls_1_3_early_data", "early data can be replayed"
    if of("openssl_ccs_injection").get("is_vulnerable_to_ccs_injection"):
        yield "openssl_ccs_injection", "vulnerable"
    if of("heartbleed").get("is_vulnerable_to_heartbleed"):
        yield "heartbleed", "vulnerable"
    if not of("tls_fallback_scsv").get("supports_fallback_scsv", True):
        yield "tls_fallback_scsv", "downgrades are not noticed"
    if of("session_renegotiation").get("is_vulnerable_to_client_renegotiation_dos"):
        yield "session_renegotiation", "clients may renegotiate"
    if not of("session_renegotiation").get("supports_secure_renegotiation", True):
        yield "session_renegotiation", "RFC 5746 is not known"
    if not of("tls_extended_master_secret").get("supports_ems_extension", True):
        yield "tls_extended_master_secret", "RFC 7627 is not known"
    if str(of("robot").get("robot_result", "NOT_VULNERABLE")).startswith("VULNERABLE"):
        yield "robot", "vulnerable"


def listed(name):
    """Why a finding is not counted; nothing where it is."""
    return next((why for start, why in LISTED.items() if name.startswith(start)), None)


def tell(judge, findings):
    """Prints them in two parts; how many are counted."""
    counted = [finding for finding in findings if not listed(finding[0])]
    print(f"\n{judge}, counted: {len(counted) or 'nothing'}")
    for name, severity, sentence in counted:
        print(f"  {name} ({severity}): {sentence}")
    print(f"{judge}, listed: {len(findings) - len(counted) or 'nothing'}")
    for name, severity, sentence in findings:
        if why := listed(name):
            print(f"  {name} ({severity}): {sentence} [{why}]")
    return len(counted)


def main():
    """Both judges, one after the other."""
    asked = arguments()
    print(machine(), flush=True)
    judges = {"testssl": testssl, "sslyze": sslyze}
    with place_of(asked.folder, 23000) as place:
        folder = asked.keep.resolve() if asked.keep else place.folder
        folder.mkdir(parents=True, exist_ok=True)
        authority = Authority(place.folder / "tls")
        names = {"names": ["localhost"], "addresses": ["127.0.0.1"]}
        shown = authority.issue("tls", **names, days=90, rsa=asked.rsa)
        options = ["--tls-cert", shown.certificate, "--tls-key", shown.key]
        server = place.server(*options, archive="memory:").start()
        counted = 0
        for name, judge in judges.items():
            if asked.only in (None, name):
                counted += tell(name, judge(server, authority, folder))
                sys.stdout.flush()
        server.stop()
    print("\n" + ("something is counted" if counted else "nothing is counted"))
    return 1 if counted else 0


if __name__ == "__main__":
    program(main)
