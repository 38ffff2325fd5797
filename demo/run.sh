#!/usr/bin/env bash
# run.sh [s3]: the main job on one machine: back up, lose everything, restore, prove it. About a minute.
#
# A throw-away PostgreSQL with an MLflow 3 platform in it, the artifacts of that platform, and a repository: a folder, or
# with "s3" a bucket on a real S3 server (Debian's radosgw, so as root only) with a folder as its mirror.
# Exits with 0 only if everything came back and every check passed. Nothing is left behind, but for the S3 server's
# programs in their own folder, as with packages.
#
#   KEEP=1                        keep the platform, its servers running, and say where
#   KUBECTL_MLOPSBACKUP=PROGRAM   instead of out/kubectl-mlopsbackup
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tool=${KUBECTL_MLOPSBACKUP:-$root/out/kubectl-mlopsbackup}
store=${1:-local}
seed=$root/tests/seed/bin/Release/net10.0/mlflow-seed
s3=$root/tests/servers/s3
began=$SECONDS
# Of the caller's environment nothing may change what the product does here.
unset MLOPSBACKUP_PLAN AWS_PROFILE AWS_SESSION_TOKEN

die() {
  echo "demo: $1" >&2
  exit "${2:-1}"
}

[[ $# -le 1 && $store =~ ^(local|s3)$ ]] || die "usage: $0 [s3]" 2
[[ $store == local || $(id -u) == 0 ]] || die "STORE=s3 runs a real S3 server in a chroot, and needs root; without STORE it does not" 2
[[ -x $tool ]] || die "$tool is not there: run make build, or make demo, which does that too" 2
for needed in dotnet jq psql curl; do
  command -v $needed >/dev/null || die "$needed is not there: run make setup" 2
done
tool=$(realpath "$tool")

base=${TMPDIR:-/tmp}
(($(df --output=avail -k "$base" | tail -n 1) >= 2 * 1024 * 1024)) || die "$base has less than 2 GiB free; name another folder with TMPDIR"
work=$(mktemp -d "$base/mlopsbackup-demo.XXXXXX")
# The database server runs as another user when this is root.
chmod 711 "$work"

bold='' plain=''
if [[ -t 1 ]]; then bold=$'\e[1m' plain=$'\e[0m'; fi

heading() { # TITLE WHY
  step=$1
  printf '\n%s== %s%s\n   %s\n' "$bold" "$1" "$plain" "$2"
}

show() { printf '\n%s$ %s%s\n' "$bold" "$*" "$plain"; }

# The product, with its command line shown. It finds the plan, mlopsbackup.yaml, in the work folder.
product() {
  show kubectl mlopsbackup "$@"
  "$tool" "$@"
}

# The same, for the report: its answer as JSON goes into a file.
product_json() { # FILE ARGUMENT...
  local file=$1
  shift
  show kubectl mlopsbackup "$@" -o json "> $file"
  "$tool" "$@" -o json -q >"$file"
}

# Passwords go by the environment: arguments can be read by every user of the machine.
with_password() { PGPASSWORD=$(<postgres/password) "$@"; }

check() { # TEXT COMMAND...
  local text=$1 verdict=passed
  shift
  "$@" || verdict=FAILED
  printf '%s\t%s\n' "$verdict" "$text" >>checks
}

holds() { # JQ-EXPRESSION FILE
  jq -e "$1" "$2" >/dev/null
}

step='1. before anything' finished='' started_postgres='' started_s3='' bucket=''

clean_up() {
  code=$?
  trap - EXIT INT TERM HUP
  if [[ -n ${KEEP:-} ]]; then
    kept
  else
    cd /
    [[ -z $started_postgres ]] || "$root/demo/postgres.sh" down "$work/postgres" || code=1
    stop_s3 || code=1
    rm -rf "$work" || code=1
  fi
  if [[ -z $finished ]]; then
    printf '\nstopped at "%s" with exit code %s; KEEP=1 keeps the work folder\nNOT RECOVERED\n' "$step" "$code"
    ((code != 0)) || code=1
  fi
  exit "$code"
}

stop_s3() {
  if [[ -n $started_s3 ]]; then
    "$s3/ceph-stop.sh" --wipe
    "$s3/mounts.sh" "$s3_root" down
  elif [[ -n $bucket ]]; then
    # A server that ran before goes on; only the bucket goes.
    chroot "$s3_root" radosgw-admin -c /srv/ceph/ceph.conf -n client.rgw \
      bucket rm --bucket="$bucket" --purge-objects --bypass-gc 2>/dev/null
  fi
}

kept() {
  {
    printf "cd %q\nexport PATH=%q:\$PATH\n" "$work" "$(dirname "$tool")"
    [[ -z $bucket ]] || printf 'export AWS_ACCESS_KEY_ID=%q AWS_SECRET_ACCESS_KEY=%q\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"
  } >"$work/env"
  printf '\nkept:   %s, with the servers running\n' "$work"
  printf 'try:    . %s/env && kubectl-mlopsbackup list --local\n' "$work"
  printf 'remove: %s/demo/postgres.sh down %s/postgres && rm -rf %s\n' "$root" "$work" "$work"
  [[ -z $bucket ]] || printf '        %s/ceph-stop.sh --wipe && %s/mounts.sh %s down\n' "$s3" "$s3" "$s3_root"
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

cd "$work"

# ---------------------------------------------------------------------------------------------------------------------
heading "1. A platform to lose" \
  "A real PostgreSQL with MLflow 3's tables: 1,000 runs, a million metrics; and 300 MiB of artifacts that they name."

MSBUILDDISABLENODEREUSE=1 dotnet build "$root/tests/seed" -c Release --nologo -v q -p:UseSharedCompilation=false >build.log ||
  { cat build.log >&2; die "tests/seed does not build"; }
started_postgres=1
"$root/demo/postgres.sh" up "$work/postgres" >/dev/null
port=$(<postgres/port)
server="host=127.0.0.1 port=$port user=mlflow"
platform=(--postgres "$server dbname=mlflow" --artifacts "$work/artifacts")
show mlflow-seed create --artifacts artifacts
with_password "$seed" create "${platform[@]}"

if [[ $store == s3 ]]; then
  s3_root=${MLOPSBACKUP_S3_ROOT:-/var/tmp/mlopsbackup-s3}
  curl -s -o /dev/null --max-time 5 "http://127.0.0.1:${MLOPSBACKUP_S3_PORT:-7480}/" || started_s3=1
  echo "starting the S3 server (its first start on a machine installs it)"
  "$s3/up.sh" >s3.env 2>s3.log || { cat s3.log >&2; die "the S3 server did not start"; }
  # shellcheck disable=SC1091
  . ./s3.env
  endpoint=$MLOPSBACKUP_TEST_S3_ENDPOINT
  export AWS_ACCESS_KEY_ID=$MLOPSBACKUP_TEST_S3_ACCESS_KEY AWS_SECRET_ACCESS_KEY=$MLOPSBACKUP_TEST_S3_SECRET_KEY
  bucket=$(basename "$work" | tr '[:upper:].' '[:lower:]-')-$$
  show curl --aws-sigv4 aws:amz:us-east-1:s3 -X PUT "$endpoint/$bucket"
  # The hash is that of no bytes: this curl signs for S3 only with it.
  printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" |
    curl -sS --fail-with-body -K - --aws-sigv4 aws:amz:us-east-1:s3 -X PUT "$endpoint/$bucket" \
      -H 'x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
fi

# ---------------------------------------------------------------------------------------------------------------------
heading "2. A plan" \
  "One file says what is backed up, to where, kept how long. Encrypted from the first byte; the passphrase stays yours."

(umask 077 && head -c 33 /dev/urandom | base64 >passphrase)
repositories=(--repository local=backups)
if [[ $store == s3 ]]; then
  repositories=(--repository "s3=s3://$bucket/demo" --s3-endpoint "$endpoint" --repository local=backups)
fi
product init --local --name demo --postgres "postgres://mlflow@127.0.0.1:$port/mlflow" \
  --postgres-password-file postgres/password --artifacts artifacts "${repositories[@]}" --passphrase-file passphrase
product init --local --repositories

# ---------------------------------------------------------------------------------------------------------------------
heading "3. The first backup" \
  "The database as of one instant, then the artifacts, so that every file the database names is in the recovery point."
product backup all --local

# ---------------------------------------------------------------------------------------------------------------------
heading "4. A day's work, and the next backup" \
  "1% more runs. Only what changed is read, sent and stored: see READ and STORED."
show mlflow-seed grow --percent 1 --artifacts artifacts
with_password "$seed" grow --percent 1 "${platform[@]}"
product backup all --local
product list --local

# ---------------------------------------------------------------------------------------------------------------------
heading "5. Disaster" \
  "First checksums of every row and every file, by a program that shares no code with the product; then all of it goes."
with_password "$seed" checksum "${platform[@]}" >before
grep -E '^(artifacts (sha256|files)|postgres (sha256|tables))' before
show "psql -c 'DROP DATABASE mlflow' && rm -rf artifacts"
with_password psql -X -q "$server dbname=postgres" -c 'DROP DATABASE mlflow WITH (FORCE)'
rm -rf artifacts

# ---------------------------------------------------------------------------------------------------------------------
heading "6. Recovery" \
  "The newest complete recovery point: restored beside what is there, rows counted, then swapped in."
product_json restore.json restore all --local --from latest --yes
restored=$SECONDS

# ---------------------------------------------------------------------------------------------------------------------
heading "7. Proof" \
  "What lies in the repository is read and checked whole, what was restored is compared, and checksums are taken again."
# A check that fails is told in the report, with the others.
product_json verify.json verify data --local || true
product_json compare.json restore all --local --from latest --dry-run || true
product_json list.json list --local
with_password "$seed" checksum "${platform[@]}" >after || true

check "every table has the rows that were counted at the instant of the backup" \
  holds '.postgres.tables | length > 0 and all(.actual == .expected)' restore.json
check "every artifact was written, none with a problem" \
  holds '.artifacts | .files > 0 and .filesWritten == .files and .problemCount == 0' restore.json
check "restore --dry-run finds no difference between the platform and the snapshots" \
  holds '.dryRun and (.differs | not)' compare.json
check "verify data: every byte in every repository is what was written" \
  holds 'length > 0 and all(.good and .packsRead == .packs and (.damages | length) == 0)' verify.json
check "independent checksum of all rows, sequences and definitions: as before the disaster" \
  cmp -s <(grep '^postgres ' before) <(grep '^postgres ' after)
check "independent checksum of all files, owners, modes and times: as before the disaster" \
  cmp -s <(grep '^artifacts ' before) <(grep '^artifacts ' after)
check "RPO: not more was lost than the plan allows" holds '.rpoSeconds <= .rpoTargetSeconds' restore.json
check "RTO: it did not take longer than the plan allows" holds '.seconds <= .rtoTargetSeconds' restore.json

# ---------------------------------------------------------------------------------------------------------------------
printf '\n'
jq -n -r -f "$root/demo/report.jq" --slurpfile restore restore.json --slurpfile list list.json \
  --slurpfile verify verify.json --rawfile checks checks \
  --argjson proof $((SECONDS - restored)) --argjson total $((SECONDS - began))
finished=1
! grep -q '^FAILED' checks
