#!/usr/bin/env bash
# Installs what build, demo and tests need from Debian's packages. Does nothing where all is there.
set -euo pipefail

if ! command -v dotnet >/dev/null; then
  echo "the .NET SDK 10 is needed, and Debian has no package of it: see https://learn.microsoft.com/dotnet/core/install/linux-debian" >&2
  exit 1
fi

missing=()
need() { # COMMAND-OR-FILE PACKAGE
  if [[ $1 == /* ]]; then compgen -G "$1" >/dev/null || missing+=("$2"); else command -v "$1" >/dev/null || missing+=("$2"); fi
}
need gcc gcc
need /usr/include/zlib.h zlib1g-dev
need '/usr/lib/postgresql/*/bin/initdb' postgresql
need '/usr/lib/postgresql/*/bin/pg_dump' postgresql-client
need '/usr/share/postgresql/*/extension/pg_trgm.control' postgresql-contrib
need curl curl
need zstd zstd
need jq jq
need promtool prometheus
need prometheus-pushgateway prometheus-pushgateway
# Lint, and the shells that completion is tested in.
need shellcheck shellcheck
need node nodejs
need npm npm
need zsh zsh
need fish fish
((${#missing[@]} == 0)) && exit 0

sudo=()
if [[ $(id -u) != 0 ]]; then
  command -v sudo >/dev/null || { echo "run this as root, or install: ${missing[*]}" >&2; exit 1; }
  sudo=(sudo)
fi
echo "installing: ${missing[*]}"
"${sudo[@]}" apt-get update -qq
# A package's own cluster is of no use here, and would start with the machine.
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get install -y -qq "${missing[@]}" >/dev/null
