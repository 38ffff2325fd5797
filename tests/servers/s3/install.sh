#!/bin/bash
# install.sh [ROOT]: a Debian chroot with Ceph's radosgw, a real S3 server. Needs root; starts nothing.
# SUITE=trixie gives Ceph 18, an older store without stored checksums and If-Match.
set -euo pipefail
ROOT=${1:-${MLOPSBACKUP_S3_ROOT:-/var/tmp/mlopsbackup-s3}}
SUITE=${SUITE:-forky}
here=$(dirname "${BASH_SOURCE[0]}")

if ! command -v debootstrap >/dev/null || ! command -v zstd >/dev/null || ! command -v curl >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap zstd curl ca-certificates >/dev/null
fi

if [ ! -e "$ROOT/.bootstrapped" ] && [ ! -x "$ROOT/usr/bin/radosgw" ]; then
  # A half-made chroot is made anew, because debootstrap does not resume; nothing else is ever removed.
  if [ -e "$ROOT/.half-made" ]; then
    "$here/mounts.sh" "$ROOT" down
    rm -rf --one-file-system "$ROOT"
  elif [ -n "$(ls -A "$ROOT" 2>/dev/null)" ]; then
    echo "install.sh: $ROOT is neither empty nor a chroot of this script; choose another folder" >&2
    exit 1
  fi
  mkdir -p "$ROOT"
  touch "$ROOT/.half-made"
  # The script is named because bookworm's debootstrap does not know newer suites.
  debootstrap --variant=minbase --include=ca-certificates,zstd,curl "$SUITE" "$ROOT" \
    http://deb.debian.org/debian /usr/share/debootstrap/scripts/sid >/dev/null
  mv "$ROOT/.half-made" "$ROOT/.bootstrapped"
fi

if [ ! -x "$ROOT/usr/bin/radosgw" ] || [ ! -x "$ROOT/usr/bin/ceph-osd" ]; then
  # Packages must not start daemons of their own.
  printf '#!/bin/sh\nexit 101\n' > "$ROOT/usr/sbin/policy-rc.d"
  chmod +x "$ROOT/usr/sbin/policy-rc.d"
  "$here/mounts.sh" "$ROOT" up
  DEBIAN_FRONTEND=noninteractive chroot "$ROOT" apt-get -o APT::Install-Recommends=false -y -q install \
    radosgw ceph-mon ceph-mgr ceph-osd ceph-common >/dev/null
fi
