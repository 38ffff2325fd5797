# Sourced by run.sh: the case of the database.
# shellcheck shell=bash disable=SC2034,SC2154

postgres=$dir/postgres
postgres_started=''

start_postgres() {
  postgres_started=1
  "$root/demo/postgres.sh" up "$postgres" >/dev/null 9>&-
  PGPASSWORD=$(<"$postgres/password")
  PGPORT=$(<"$postgres/port")
  export PGPASSWORD PGPORT PGHOST=127.0.0.1 PGUSER=mlflow
  # Debian's pg_dump of the server's own version, without the wrapper in Perl that chooses it.
  PATH=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin | sort -V | tail -n 1):$PATH
}

stop_postgres() {
  if [[ -n $postgres_started ]]; then "$root/demo/postgres.sh" down "$postgres"; fi
}

sql() { PGOPTIONS='-c client_min_messages=warning' psql -X -q -d postgres -v ON_ERROR_STOP=1 -c "$1"; }

# Autovacuum may be in it, and WITH (FORCE) may not end that: it goes by itself.
drop_database() { # DATABASE
  local i
  for ((i = 0; i < 60; i++)); do
    sql "DROP DATABASE IF EXISTS $1 WITH (FORCE)" 2>/dev/null && return
    sleep 1
  done
  sql "DROP DATABASE IF EXISTS $1"
}

database_there() { [[ $(psql -X -q -A -t -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$1'") == 1 ]]; }

server="" database_options=()
seed_database() { # VERB DATABASE OPTION...
  "$seed" "$1" --postgres "$server dbname=$2" "${database_options[@]}" "${@:3}" >"$work/log" 2>&1 || { cat "$work/log" >&2; die "the database could not be made"; }
}

# Two databases that stay: the first night's, and the same a day later. Named by their size.
make_databases() {
  local size=${DB_RUNS}_${DB_METRICS}
  server="host=$PGHOST port=$PGPORT user=$PGUSER"
  database_options=(--runs "$DB_RUNS" --metrics-per-run "$DB_METRICS")
  first=first_$size later=later_${size}_${DB_GROW_PERCENT//./_}
  # What a broken run has left: the names that change hands, and halves.
  drop_database part
  hand_back
  if ! database_there "$first"; then
    progress "making the database of $DB_RUNS runs"
    sql "CREATE DATABASE part"
    seed_database create part
    psql -X -q -d part -c 'VACUUM (FREEZE, ANALYZE)' 2>"$work/log"
    sql "ALTER DATABASE part RENAME TO $first"
  fi
  if ! database_there "$later"; then
    progress "making the same a day later, with $DB_GROW_PERCENT % new runs"
    sql "CREATE DATABASE part TEMPLATE $first STRATEGY file_copy"
    seed_database grow part --percent "$DB_GROW_PERCENT" --day 1
    sql "ALTER DATABASE part RENAME TO $later"
  fi
}

# The plan names one database, platform, which is the first night's or the later one.
hand_out() { # DATABASE
  printf '%s\n' "$1" >"$postgres/handed"
  sql "ALTER DATABASE $1 RENAME TO platform"
}

hand_back() {
  if database_there platform; then
    sql "ALTER DATABASE platform RENAME TO $(<"$postgres/handed")"
  fi
}

database_sum() { # DATABASE
  "$seed" checksum --postgres "$server dbname=$1" | grep '^postgres '
}

warm_database() { pg_dump -Fc -Z0 platform >/dev/null; }

backup_database() { # KEY
  measure "$1" "$tool" backup postgres --local -f "$work/ours/plan.yaml" -q
}

run_postgres() {
  local round size
  start_postgres
  # Two databases and two restored ones.
  [[ -n $quick ]] || need_space 16
  make_databases
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "postgres, round $round of $ROUNDS"
    prepare_database_repository
    hand_out "$first"
    warm_database
    backup_database postgres.ours.first
    stored disk ours
    size=$stored_bytes
    sample postgres.ours.size "$size"
    # shellcheck disable=SC2016
    measure postgres.zstd bash -o pipefail -c 'pg_dump -Fc -Z0 platform | zstd -q -T0 -3 -f -o "$1"' - "$work/ours/dump.zst"
    measure postgres.custom pg_dump -Fc -f "$work/ours/dump" platform
    sample postgres.zstd.size "$(stat -c %s "$work/ours/dump.zst")"
    rm -f "$work"/ours/dump*
    hand_back

    hand_out "$later"
    warm_database
    stored disk ours
    size=$stored_bytes
    backup_database postgres.ours.second
    stored disk ours
    sample postgres.ours.growth "$((stored_bytes - size))"
    restore_databases
    hand_back
  done
  rm -rf "$work/ours" "$work/later.dump"
  postgres_rows
}

prepare_database_repository() {
  rm -rf "$work/ours"
  mkdir -p "$work/ours"
  quietly "$tool" init --local -f "$work/ours/plan.yaml" --name bench --postgres "postgres://$PGUSER@$PGHOST:$PGPORT/platform" \
    --postgres-password-file "$postgres/password" --repository "disk=$work/ours/repository" --passphrase-file "$work/passphrase"
  quietly ours init --repositories
}

# Each into a database that is not there, one after the other.
restore_databases() {
  local sum
  # Of the same database in every round.
  [[ -s $work/later.dump ]] || pg_dump -Fc -f "$work/later.dump" platform
  drop_database restored
  measure postgres.ours.restore "$tool" restore postgres --local -f "$work/ours/plan.yaml" -q --to-database restored --yes
  if ((round == 1)); then
    sum=$(database_sum platform)
    [[ $(database_sum restored) == "$sum" ]] || die "the product did not restore the database that was backed up"
    progress "the product restored all: $(sed -n 's/^postgres sha256 //p' <<<"$sum" | cut -c1-12)"
  fi
  drop_database restored
  # shellcheck disable=SC2016
  measure postgres.restore.restore bash -e -c 'psql -X -q -d postgres -c "CREATE DATABASE restored"; pg_restore -j2 -d restored "$1"' - "$work/later.dump"
  if ((round == 1)); then
    [[ $(database_sum restored) == "$sum" ]] || die "pg_restore did not restore the database that was dumped"
  fi
  drop_database restored
}

postgres_rows() {
  local name="PostgreSQL, $DB_RUNS runs"
  row "$name: first night against pg_dump -Fc -Z0 | zstd -T0 -3" s postgres.ours.first.wall postgres.zstd.wall 1
  row "$name: first night against pg_dump -Fc" s postgres.ours.first.wall postgres.custom.wall 0.333
  row "$name: first night, client CPU against the pipe" s postgres.ours.first.cpu postgres.zstd.cpu -
  row "$name: first night, bytes stored against the pipe" bytes postgres.ours.size postgres.zstd.size -
  row "$name: second night against the first, bytes stored" bytes postgres.ours.growth postgres.ours.size 0.05
  row "$name: second night against the first, wall" s postgres.ours.second.wall postgres.ours.first.wall 1
  row "$name: restore, checked, against pg_restore -j2" s postgres.ours.restore.wall postgres.restore.restore.wall 1.1
}
