#!/bin/sh
# Checks mlflow-seed against a real PostgreSQL: the same options give the same rows and files, days add up, every
# generation of the schema loads, and pg_dump | pg_restore gives the same checksum. Everything is below a temporary folder.
#
#   tests/seed/check.sh [PROGRAM]     default: the Release build
set -eu

here=$(cd "$(dirname "$0")" && pwd)
seed=${1:-$here/bin/Release/net10.0/mlflow-seed}
work=$(mktemp -d)
chmod 755 "$work"
trap '"$here/../../demo/postgres.sh" down "$work/pg"; rm -rf "$work"' EXIT

"$here/../../demo/postgres.sh" up "$work/pg" >/dev/null
PGPASSWORD=$(cat "$work/pg/password")
PGPORT=$(cat "$work/pg/port")
export PGPASSWORD PGPORT PGHOST=127.0.0.1 PGUSER=mlflow
server="host=127.0.0.1 port=$PGPORT user=mlflow"

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

# Options come as words on purpose.
# shellcheck disable=SC2086
run() {
  verb=$1 name=$2
  shift 2
  "$seed" "$verb" --postgres "$server dbname=$name" --artifacts "$work/$name" $small "$@" >/dev/null
}

sums() {
  "$seed" checksum --postgres "$server dbname=$1" ${2:+--artifacts "$2"} >"$work/$1.sums"
}

small="--runs 200 --metrics-per-run 100 --logged-models 30 --traces 60 --bytes 20MiB --artifact-root mlflow-artifacts:/"
for name in a b restored gen1 gen2; do
  psql -qXd mlflow -c "CREATE DATABASE $name"
done

for name in a b; do
  run create "$name"
  sums "$name" "$work/$name"
done
cmp "$work/a.sums" "$work/b.sums" || fail "two creations differ"
cp "$work/a.sums" "$work/before.sums"

run grow a --day 2 2>/dev/null && fail "a day out of order was taken"
for name in a b; do
  run grow "$name" --day 1
  run grow "$name" --day 2
  sums "$name" "$work/$name"
done
cmp "$work/a.sums" "$work/b.sums" || fail "two growths differ"
cmp -s "$work/a.sums" "$work/before.sums" && fail "growth changed nothing"

for generation in 1 2; do
  run create "gen$generation" --schema "mlflow$generation"
  run grow "gen$generation" --schema "mlflow$generation" --lose-run
done

sums a
pg_dump -Fc a | pg_restore -d restored
sums restored
cmp "$work/a.sums" "$work/restored.sums" || fail "pg_dump and pg_restore do not give the same sums"

psql -qXd restored -c "UPDATE metrics SET value = value + 1e-9 WHERE ctid = '(0,1)'"
sums restored
cmp -s "$work/a.sums" "$work/restored.sums" && fail "one changed value was not seen"
echo "all checks passed"
