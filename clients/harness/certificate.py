"""A private certificate authority and one certificate for the loopback address."""

import subprocess
from pathlib import Path

_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]


def make_certificate(folder: Path) -> None:
    """Writes `authority.pem`, and `certificate.pem` with `key.pem` signed by it."""
    authority = [str(folder / "authority.pem"), str(folder / "authority-key.pem")]
    _openssl(*_KEY, "-subj", "/CN=Tidings test authority", "-out", authority[0], "-keyout", authority[1])
    _openssl(
        *_KEY,
        *("-CA", authority[0], "-CAkey", authority[1], "-subj", "/CN=localhost"),
        *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
        *("-out", str(folder / "certificate.pem"), "-keyout", str(folder / "key.pem")),
    )
    (folder / "key.pem").chmod(0o644)


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", "req", "-x509", *arguments], check=True, capture_output=True)
