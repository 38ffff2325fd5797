#!/usr/bin/env bash
# run.sh [--quick] [CASE...]: the product beside other tools, on the same data, on the same machine, in turn.
# Prints a row a figure, and writes the rows to results.md in the work folder. See README.md.
#   cases: startup artifacts references s3 small-files memory postgres mlflow     default: all of them
#   --quick: one round on small data; it tries the scripts, and its figures mean nothing
#
#   MLOPSBACKUP_BENCH_DIR    work folder; default /var/tmp/mlopsbackup-bench. Data and servers' programs stay there
#   KUBECTL_MLOPSBACKUP      instead of out/kubectl-mlopsbackup
#   RESTIC                   instead of the newest one that Debian has
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

all_cases=(startup artifacts references s3 small-files memory postgres mlflow)
quick='' cases=()
for argument in "$@"; do
  case $argument in
    --quick) quick=1 ;;
    -h | --help)
      sed -n '2,/^set -/{/^#/s/^# \?//p}' "$0"
      exit
      ;;
    *)
      [[ " ${all_cases[*]} " == *" $argument "* ]] || { echo "bench: no case \"$argument\"; there are: ${all_cases[*]}" >&2; exit 2; }
      cases+=("$argument")
      ;;
  esac
done
((${#cases[@]})) || cases=("${all_cases[@]}")

# ---------------------------------------------------------------------------------------------------------------------
# All sizes. Each can be set from outside.
if [[ -n $quick ]]; then
  : "${ROUNDS:=1}" "${SIZE:=200MiB}" "${FILES:=2000}" "${RUNS:=150}" "${LOGGED_MODELS:=30}"
  : "${MEMORY_FILES:=20000}" "${MEMORY_RUNS:=200}" "${MEMORY_SIZE:=100MiB}"
  : "${SMALL_FILES:=5000}" "${SMALL_RUNS:=100}" "${DB_RUNS:=300}" "${STARTS:=5}"
  : "${MLFLOW_RUNS:=1000}" "${MLFLOW_FILES:=20000}"
fi
: "${ROUNDS:=3}"
# Information without a target, and tar | gzip takes three minutes: one round will do.
: "${REFERENCE_ROUNDS:=1}"
: "${MEMORY_ROUNDS:=$ROUNDS}"
# The artifacts: 15 % of the files are duplicates, the weights do not compress.
: "${SIZE:=4GiB}" "${FILES:=20000}" "${RUNS:=1500}" "${LOGGED_MODELS:=300}"
: "${S3_SIZE:=$SIZE}" "${GROW_PERCENT:=3}"
: "${MEMORY_FILES:=1000000}" "${MEMORY_RUNS:=10000}" "${MEMORY_SIZE:=2GiB}"
: "${SMALL_FILES:=100000}" "${SMALL_RUNS:=2000}" "${SMALL_SIZE:=1KiB-4KiB}"
# 10,000 runs with 1,000 metrics: 2.4 GB in PostgreSQL.
: "${DB_RUNS:=10000}" "${DB_METRICS:=1000}" "${DB_GROW_PERCENT:=1}"
: "${MLFLOW_RUNS:=100000}" "${MLFLOW_FILES:=1000000}" "${MLFLOW_SIZE:=1GiB}"
: "${STARTS:=20}"
: "${S3_PORT:=7580}"
# Size of the sparse file that the S3 server's disk is; it is deleted at the end.
: "${S3_DISK_GB:=30}"

dir=${MLOPSBACKUP_BENCH_DIR:-/var/tmp/mlopsbackup-bench}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
work=$dir/work
results=$dir/results.md
tool=${KUBECTL_MLOPSBACKUP:-$root/out/kubectl-mlopsbackup}
seed=$root/tests/seed/bin/Release/net10.0/mlflow-seed
# Of the caller's environment nothing may change what is measured.
unset MLOPSBACKUP_PLAN AWS_PROFILE AWS_SESSION_TOKEN RESTIC_REPOSITORY RESTIC_PASSWORD
export XDG_CACHE_HOME=$work/cache RESTIC_CACHE_DIR=$work/cache/restic

exec 9>"$dir/lock"
flock -n 9 || { echo "bench: another run is at work in $dir" >&2; exit 1; }

# shellcheck source-path=SCRIPTDIR
{
  . "$bench/measure.sh"
  . "$bench/prepare.sh"
  . "$bench/tools.sh"
  . "$bench/artifacts.sh"
  . "$bench/s3.sh"
  . "$bench/postgres.sh"
  . "$bench/mlflow.sh"
}

clean_up() {
  code=$?
  trap - EXIT INT TERM HUP
  cd /
  stop_postgres || code=1
  stop_s3 || code=1
  rm -rf "$work" || code=1
  ((code == 0)) || echo "bench: stopped with exit code $code" >&2
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The database server runs as another user when this is root.
chmod 711 "$dir"
rm -rf "$work"
mkdir -p "$work/samples"
cd "$work"
install_tools
(umask 077 && head -c 33 /dev/urandom | base64 >"$work/passphrase")

began=$SECONDS
start_results
for name in "${cases[@]}"; do
  progress "case $name"
  case_began=$SECONDS
  case $name in s3 | small-files) ;; *) stop_s3 ;; esac
  case $name in
    startup) run_startup ;;
    artifacts) run_artifacts disk ;;
    references) run_references ;;
    s3) run_artifacts s3 ;;
    small-files) run_small_files ;;
    memory) run_memory ;;
    postgres) run_postgres ;;
    mlflow) run_mlflow ;;
  esac
  progress "case $name took $((SECONDS - case_began)) s"
done
printf '\n%s rows, %s OVER, %s s\n' "$rows" "$over" "$((SECONDS - began))" | tee -a "$results"
