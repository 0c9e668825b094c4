"""A real mail server: Exim, as Debian ships it, delivering into one maildir."""

import email
import email.policy
import grp
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from harness.certificate import make_certificate
from harness.poll import eventually
from harness.ports import free_port, listening

USER = "mailer"
PASSWORD = "a-mail-password"
SENDER = "hello@tidings.test"

CONFIGURATION = """\
primary_hostname = mail.tidings.test
exim_user = {user}
exim_group = {group}
never_users =
trusted_users = {user}
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/exim.pid
log_selector = +tls_cipher
host_lookup =
rfc1413_hosts =
smtp_accept_max = 200
smtp_accept_max_per_connection = 0
smtp_accept_queue_per_connection = 0
queue_run_max = 1
accept_8bitmime = true
tls_advertise_hosts = {tls}
tls_certificate = {folder}/certificate.pem
tls_privatekey = {folder}/key.pem
auth_advertise_hosts = {auth}
acl_smtp_rcpt = recipient
acl_smtp_data = content

begin acl
recipient:
  deny condition = ${{if exists{{{folder}/refuse}}}}
       message = 550 5.1.1 No such mailbox here
  deny !authenticated = *
       condition = ${{if eq{{{auth}}}{{*}}}}
       message = 530 5.7.0 Authentication required
  accept
content:
  accept

begin routers
everyone:
  driver = accept
  transport = maildir

begin transports
maildir:
  driver = appendfile
  directory = {folder}/maildir
  maildir_format
  create_directory
  delivery_date_add
  envelope_to_add
  return_path_add
  user = {user}
  group = {group}
  mode = 0644

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = ${{if and{{{{eq{{$auth2}}{{{name}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if eq{{{tls}}}{{*}}{{${{if def:tls_in_cipher}}}}{{1}}}}
"""


@dataclass(frozen=True)
class Mail:
    """One mail as it lies in the maildir."""

    message: EmailMessage
    source: bytes

    @property
    def to(self) -> str:
        """The envelope's recipient, not the header's."""
        return str(self.message["Envelope-To"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def received(self) -> str:
        """The line the mail server wrote: how the mail came in."""
        return str(self.message["Received"])

    def part(self, subtype: str) -> str:
        """The decoded `text/<subtype>` alternative."""
        body = self.message.get_body(preferencelist=(subtype,))
        assert body is not None, f"no text/{subtype} in {self.message.as_string()}"
        return str(body.get_content())


class MailServer:
    """Exim on a free port, the same after a restart. As root it delivers as its own user."""

    def __init__(self, folder: Path, *, tls: bool = False, auth: bool = False) -> None:
        self.folder = folder
        self.port = free_port()
        self.tls = tls
        self.auth = auth
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def authority(self) -> Path:
        """The certificate that vouches for this server, for the operator's settings."""
        return self.folder / "authority.pem"

    @property
    def settings(self) -> dict[str, object]:
        """Settings of an `smtp` provider that uses this server."""
        login = {"username": USER, "password": PASSWORD} if self.auth else {}
        return {"host": "127.0.0.1", "port": self.port, "from_address": SENDER, "from_name": "Tidings"} | login

    def start(self) -> "MailServer":
        """Writes the configuration and listens."""
        owner = pwd.getpwnam("Debian-exim") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        for name in ("spool", "log", "maildir"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
            shutil.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        _open_way(self.folder)
        configuration = self.folder / "exim.conf"
        configuration.write_text(
            CONFIGURATION.format(
                user=owner.pw_name,
                group=grp.getgrgid(owner.pw_gid).gr_name,
                folder=self.folder,
                tls="*" if self.tls else "",
                auth="*" if self.auth else "",
                name=USER,
                password=PASSWORD,
            )
        )
        if self.tls:
            make_certificate(self.folder)
        exim = shutil.which("exim4", path="/usr/sbin:/usr/bin")
        assert exim, "exim4 is missing: run scripts/setup-test.sh"
        with (self.folder / "exim.out").open("ab") as out:
            self._process = subprocess.Popen(
                [exim, "-C", str(configuration), "-bdf", "-q1m", "-oX", f"127.0.0.1.{self.port}"],
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        eventually(self._listening, within=10, what="a listening mail server")
        return self

    def stop(self) -> None:
        """Nobody answers at the port any more, and open connections are cut."""
        process, self._process = self._process, None
        if process is not None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)

    def refuse(self, refusing: bool = True) -> None:
        """Answer every recipient with a permanent 550, or stop doing so."""
        mark = self.folder / "refuse"
        mark.touch() if refusing else mark.unlink(missing_ok=True)

    def mails(self, to: str | None = None) -> list[Mail]:
        """What was delivered so far, in order of arrival."""
        files = sorted((self.folder / "maildir" / "new").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        sources = [file.read_bytes() for file in files]
        mails = [Mail(email.message_from_bytes(source, policy=email.policy.default), source) for source in sources]
        return [mail for mail in mails if to in (None, mail.to)]

    def arrived(self, to: str, count: int = 1) -> list[Mail]:
        """Waits for so many mails, which Exim delivers a moment after it took them; exactly so many must come."""
        mails = eventually(lambda: self.mails(to)[: count + 1] if len(self.mails(to)) >= count else None, what="a mail")
        assert len(mails) == count, f"{len(mails)} mails instead of {count}"
        return mails

    def _listening(self) -> bool:
        process = self._process
        if process is not None and process.poll() is not None:
            raise AssertionError(f"exim ended: {(self.folder / 'exim.out').read_text()}")
        return listening(self.port)


def _open_way(folder: Path) -> None:
    """Exim delivers as its own user, which must be able to walk to the maildir."""
    for step in (folder, *folder.parents):
        if step.stat().st_uid == os.geteuid() and len(step.parts) > 2:
            step.chmod(step.stat().st_mode | 0o711)
