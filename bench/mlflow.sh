# Sourced by run.sh: the database against the artifacts. There is no other tool that does it: the figures stand alone.
# shellcheck shell=bash disable=SC2034,SC2154

run_mlflow() {
  local round options=(--runs "$MLFLOW_RUNS" --files "$MLFLOW_FILES" --bytes "$MLFLOW_SIZE" --metrics-per-run 1 --logged-models "$((MLFLOW_RUNS / 10))")
  start_postgres
  [[ -n $quick ]] || need_space 20
  make_tree mlflow "${options[@]}"
  server="host=$PGHOST port=$PGPORT user=$PGUSER" database_options=("${options[@]}")
  drop_database mlflow
  progress "making the database of $MLFLOW_RUNS runs"
  sql "CREATE DATABASE mlflow"
  seed_database create mlflow
  rm -rf "$work/ours"
  mkdir -p "$work/ours"
  quietly "$tool" init --local -f "$work/ours/plan.yaml" --name bench --postgres "postgres://$PGUSER@$PGHOST:$PGPORT/mlflow" \
    --postgres-password-file "$postgres/password" --artifacts "$tree" --repository "disk=$work/ours/repository" --passphrase-file "$work/passphrase"
  quietly ours init --repositories
  quietly ours backup postgres
  quietly ours backup artifacts
  for ((round = 1; round <= ROUNDS; round++)); do
    measure mlflow.point "$tool" verify mlflow --local -f "$work/ours/plan.yaml" -q
    measure mlflow.live "$tool" verify mlflow --live --local -f "$work/ours/plan.yaml" -q
  done
  # A check that cannot find anything would be fast, too. The seed's paths are <experiment>/<run>/artifacts/model.
  local lost
  lost=$(cd "$tree" && find . -mindepth 5 -path '*/artifacts/model/MLmodel' -print -quit)
  mv "$tree/$lost" "$work/lost"
  local code=0
  ours verify mlflow --live >"$work/log" 2>&1 || code=$?
  mv "$work/lost" "$tree/$lost"
  [[ $code == 4 ]] && grep -q 'no MLmodel' "$work/log" || die "a lost MLmodel was not found: exit code $code"
  drop_database mlflow
  rm -rf "$work/ours"
  row_absolute "verify mlflow, $MLFLOW_RUNS runs, $MLFLOW_FILES files: a recovery point, wall" s mlflow.point.wall - 20
  row_absolute "verify mlflow, $MLFLOW_RUNS runs, $MLFLOW_FILES files: a recovery point, peak memory" MiB mlflow.point.memory - 300
  row_absolute "verify mlflow, $MLFLOW_RUNS runs, $MLFLOW_FILES files: live, wall" s mlflow.live.wall - 60
  row_absolute "verify mlflow, $MLFLOW_RUNS runs, $MLFLOW_FILES files: live, peak memory" MiB mlflow.live.memory - 300
}
