#!/bin/bash
# up.sh: installs and starts the S3 server of the tests unless it runs already, and prints what the tests want to know:
#   export $(tests/servers/s3/up.sh)
# MLOPSBACKUP_S3_ROOT: the chroot. MLOPSBACKUP_S3_PORT: the port. MLOPSBACKUP_S3_STORE: memstore or bluestore.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=${MLOPSBACKUP_S3_ROOT:-/var/tmp/mlopsbackup-s3}
PORT=${MLOPSBACKUP_S3_PORT:-7480}

# One at a time; -o keeps the daemons from inheriting the lock.
if [ -z "${MLOPSBACKUP_S3_LOCKED:-}" ]; then
  mkdir -p "$(dirname "$ROOT")"
  MLOPSBACKUP_S3_LOCKED=1 exec flock -o "$ROOT.lock" "$here/up.sh"
fi

"$here/install.sh" "$ROOT" >&2
NO_MGR=1 "$here/ceph-start.sh" "$ROOT" "$PORT" "${MLOPSBACKUP_S3_STORE:-memstore}" >&2

# shellcheck source-path=SCRIPTDIR source=users.sh
. "$here/users.sh"
cat <<LINES
MLOPSBACKUP_TEST_S3_ENDPOINT=http://127.0.0.1:$PORT
MLOPSBACKUP_TEST_S3_ACCESS_KEY=$MAIN_ACCESS_KEY
MLOPSBACKUP_TEST_S3_SECRET_KEY=$MAIN_SECRET_KEY
MLOPSBACKUP_TEST_S3_OTHER_ACCESS_KEY=$OTHER_ACCESS_KEY
MLOPSBACKUP_TEST_S3_OTHER_SECRET_KEY=$OTHER_SECRET_KEY
LINES
