#!/bin/sh
# Starts and stops a throw-away PostgreSQL cluster for the demo.
#
#   postgres.sh up DIR     make the cluster in DIR, if it is not there, and start it, if it does not run
#   postgres.sh down DIR   stop it; DIR stays, for the caller to delete
#
# Written into DIR: port (loopback, free when chosen), password (mode 0600) of the role "mlflow", which owns the
# database "mlflow" and may create others; log. As root, the server runs as the user "postgres".
set -eu

usage() {
  echo "usage: $0 up|down DIR" >&2
  exit 2
}

die() {
  echo "postgres.sh: $1" >&2
  exit 1
}

[ $# -eq 2 ] || usage
action=$1
dir=$2

bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
[ -x "${bin:-}/initdb" ] || die "no PostgreSQL server under /usr/lib/postgresql; install the package \"postgresql\""

# Both run in /, since the server's user may have no right to the caller's directory.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    (cd / && "$@")
  fi
}

running() {
  [ -f "$data/PG_VERSION" ] && as_server "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1
}

sql() {
  as_server "$bin/psql" -X -q -h "$socket" -p "$port" -U postgres -d postgres -v ON_ERROR_STOP=1
}

# Whether something listens on it. /proc, since ss is not on every machine.
taken() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    awk -v end=":$(printf '%04X' "$1")$" '$2 ~ end && $4 == "0A" { found = 1 } END { exit !found }'
}

free_port() {
  port=$(cat "$dir/port" 2>/dev/null || echo 54321)
  while taken "$port"; do
    port=$((port + 1))
    [ "$port" -lt 60000 ] || die "no free port from 54321 on"
  done
}

# Made aside and moved, so that a cluster that is there is a whole one.
make_cluster() {
  part=$dir/data.part
  rm -rf "$part"
  mkdir -p "$part" "$socket"
  chmod 700 "$part"
  server_user=$(id -un)
  if [ "$(id -u)" -eq 0 ]; then
    server_user=postgres
    chown postgres: "$part" "$socket"
  fi
  as_server "$bin/initdb" -D "$part" -U postgres --auth-local=peer --auth-host=scram-sha-256 \
    -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null || die "initdb failed"
  # The bootstrap role is reached by the socket only, and by the server's own user.
  printf 'local all postgres peer map=server\nhost all all 127.0.0.1/32 scram-sha-256\n' >"$part/pg_hba.conf"
  printf 'server %s postgres\n' "$server_user" >"$part/pg_ident.conf"
  (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$dir/password")
  chmod 600 "$dir/password"
  mv "$part" "$data"
}

start() {
  free_port
  # Durability is not wanted of a cluster that is thrown away; speed is.
  as_server "$bin/pg_ctl" -D "$data" -l "$data/log" -w -s start \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$socket -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=256MB -c max_wal_size=4GB" \
    || die "the server did not start; see $data/log"
  echo "$port" >"$dir/port"
}

# The password goes in by standard input: arguments can be read by every user of the machine.
make_role() {
  {
    printf '\\set password %s\n' "$(cat "$dir/password")"
    cat <<'SQL'
SELECT 'CREATE ROLE mlflow LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mlflow') \gexec
ALTER ROLE mlflow PASSWORD :'password';
SELECT 'CREATE DATABASE mlflow OWNER mlflow' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'mlflow') \gexec
SQL
  } | sql || die "the role and the database could not be made"
}

case $action in
  up)
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    data=$dir/data
    socket=$dir/socket
    as_server test -x "$dir" || die "the server's user cannot enter $dir; choose a directory below /tmp or /var/tmp"
    if [ ! -e "$data" ]; then
      make_cluster
    elif [ ! -f "$data/PG_VERSION" ] || [ ! -s "$dir/password" ]; then
      die "$data is no cluster of this script; choose another directory"
    fi
    if running; then
      port=$(cat "$dir/port")
    else
      start
    fi
    make_role
    echo "host=127.0.0.1 port=$port user=mlflow dbname=mlflow"
    ;;
  down)
    [ -d "$dir" ] || exit 0
    dir=$(cd "$dir" && pwd)
    data=$dir/data
    if running; then
      as_server "$bin/pg_ctl" -D "$data" -w -s -m fast stop || die "the server did not stop"
    fi
    ;;
  *) usage ;;
esac
