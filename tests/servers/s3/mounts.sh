#!/bin/bash
# mounts.sh ROOT up|down: what the chroot needs mounted. Run "down" before removing ROOT: /dev is bind-mounted inside.
set -euo pipefail
ROOT=${1:?root folder}

case ${2:?up or down} in
  up)
    mkdir -p "$ROOT"/{proc,dev}
    mountpoint -q "$ROOT/proc" || mount -t proc proc "$ROOT/proc"
    if ! mountpoint -q "$ROOT/dev"; then
      mount --rbind /dev "$ROOT/dev"
      mount --make-rslave "$ROOT/dev"
    fi
    ;;
  down)
    awk -v root="$ROOT/" 'index($2, root) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do
      umount -l "$mount"
    done
    ;;
  *)
    echo "mounts.sh: up or down, not $2" >&2
    exit 2
    ;;
esac
