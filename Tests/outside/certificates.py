"""A certificate authority of our own for one test, made with the `openssl` program: nothing is committed.

    authority = Authority(place.folder / "tls")
    shown = authority.issue("localhost", names=["localhost"], addresses=["127.0.0.1"])
    server = place.server("--tls-cert", shown.certificate, "--tls-key", shown.key)
    context = ssl.create_default_context(cafile=authority.certificate)

All paths are strings. Keys are P-256 (or RSA where asked for) and not encrypted.
"""

import collections
import pathlib
import subprocess

# Paths of PEM files: a certificate (with those that lead to its root, where there are), and its private key.
Issued = collections.namedtuple("Issued", "certificate key")

_P256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
_RSA = ["-newkey", "rsa:2048"]
# `openssl req` makes no certificate that begins or ends in the past; `openssl ca` does.
_BOOK = """
[ca]
default_ca = book
[book]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


class Authority:
    """One that signs: its root is `certificate`, what it issues lies in `folder`."""

    def __init__(self, folder, name="Parley test CA"):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.certificate = str(self.folder / "ca.pem")
        self.key = str(self.folder / "ca.key")
        _openssl(
            *("req", "-x509", "-nodes", *_P256, "-days", "30", "-subj", f"/CN={name}"),
            *("-keyout", self.key, "-out", self.certificate),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        )

    def issue(self, file, names=(), addresses=(), days=20, rsa=False, client=False, ended=False):
        """A certificate for DNS `names` and IP `addresses`, in `file`.pem and `file`.key.

        It is for a server, or with `client` for a client whose name is the first of `names`; with `ended`
        it was valid until the end of the year 2020.
        """
        certificate, key = str(self.folder / f"{file}.pem"), str(self.folder / f"{file}.key")
        alternative = [f"DNS:{name}" for name in names] + [f"IP:{address}" for address in addresses]
        subject = names[0] if names else addresses[0]
        request = [
            *("-nodes", *(_RSA if rsa else _P256), "-subj", f"/CN={subject}", "-keyout", key),
            *("-addext", "subjectAltName=" + ",".join(alternative)),
            *("-addext", "basicConstraints=critical,CA:FALSE"),
            *("-addext", "extendedKeyUsage=" + ("clientAuth" if client else "serverAuth")),
            *("-addext", "keyUsage=critical,digitalSignature"),
        ]
        if ended:
            self._sign_past(request, certificate)
        else:
            signer = ["-CA", self.certificate, "-CAkey", self.key]
            _openssl("req", "-x509", *signer, "-days", str(days), *request, "-out", certificate)
        return Issued(certificate, key)

    def _sign_past(self, request, certificate):
        asked, book = str(self.folder / "past.csr"), self.folder / "book.cnf"
        book.write_text(_BOOK.format(folder=self.folder))
        (self.folder / "index.txt").touch()
        _openssl("req", "-new", *request, "-out", asked)
        _openssl(
            *("ca", "-batch", "-notext", "-config", str(book)),
            *("-cert", self.certificate, "-keyfile", self.key, "-in", asked, "-out", certificate),
            *("-startdate", "20200101000000Z", "-enddate", "20201231235959Z"),
        )


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr.strip()}")
