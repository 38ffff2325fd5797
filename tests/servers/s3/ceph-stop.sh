#!/bin/bash
# ceph-stop.sh [ROOT] [--wipe]: stops what ceph-start.sh started; --wipe forgets its data too.
set -euo pipefail
ROOT=${MLOPSBACKUP_S3_ROOT:-/var/tmp/mlopsbackup-s3}
WIPE=
for argument in "$@"; do
  case $argument in
    --wipe) WIPE=1 ;;
    *) ROOT=$argument ;;
  esac
done
STATE=$ROOT/srv/ceph

# A recorded id counts only while it is still a Ceph daemon: ids are used again.
alive() {
  [ -n "$1" ] && case $(cat "/proc/$1/comm" 2>/dev/null || true) in ceph-* | radosgw) true ;; *) false ;; esac
}

for name in client.rgw mgr.x osd.0 mon.a; do
  pid=$(cat "$STATE/$name.pid" 2>/dev/null || true)
  alive "$pid" || continue
  kill "$pid"
  for _ in $(seq 50); do
    alive "$pid" || break
    sleep .2
  done
  if alive "$pid"; then kill -9 "$pid"; fi
  rm -f "$STATE/$name.pid"
done

if [ -n "$WIPE" ]; then rm -rf "$STATE"; fi
