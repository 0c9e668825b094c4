#!/usr/bin/env bash
# Installs what the suites need beside Rust: a mail server, PostgreSQL, a
# browser with letters for every language of the pages, Python with virtual
# environments, Node. Does nothing when all is
# there, so it needs root only once.
set -euo pipefail

has() { command -v "$1" >/dev/null 2>&1 || [[ -x "/usr/sbin/$1" ]]; }

missing=()
has exim4 || missing+=(exim4-daemon-light)
has openssl || missing+=(openssl)
has chromium || missing+=(chromium)
# Where packages are Debian's: elsewhere a browser brings its own.
if has dpkg-query; then
  for fonts in fonts-noto-core fonts-noto-cjk; do
    dpkg-query --show "$fonts" >/dev/null 2>&1 || missing+=("$fonts")
  done
fi
has python3 || missing+=(python3)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
has node || missing+=(nodejs)
has npm || missing+=(npm)
# Debian keeps the server's programs out of the search path.
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || has initdb || missing+=(postgresql)

if ((${#missing[@]} == 0)); then exit 0; fi
if ! has apt-get || ((EUID != 0)); then
  echo "The suites need these packages (Debian's names): ${missing[*]}" >&2
  echo "Install them, or run this script as root on Debian." >&2
  exit 1
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
