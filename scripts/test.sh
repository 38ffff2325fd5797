#!/usr/bin/env bash
# All tests: unit, then end to end against a real PostgreSQL, a real S3 server and the published binary.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $(id -u) == 0 && -z ${MLOPSBACKUP_TEST_S3_ENDPOINT:-} ]]; then
  # Debian's radosgw in a folder of its own; it needs root. Without it the S3 tests are skipped, with a count.
  # Another port where the usual one is taken by something else.
  lines=$(tests/servers/s3/up.sh || MLOPSBACKUP_S3_PORT=7493 tests/servers/s3/up.sh)
  while IFS= read -r line; do export "${line?}"; done <<<"$lines"
fi
export MLOPSBACKUP_BINARY=${MLOPSBACKUP_BINARY:-$PWD/out/kubectl-mlopsbackup}

dotnet build KubectlMlopsBackup.sln --nologo -v q
passed=0 failed=0 skipped=0 reasons=$(mktemp) failures=$(mktemp)
trap 'rm -f "$reasons" "$failures"' EXIT
for project in unit e2e; do
  name=$([[ $project == unit ]] && echo UnitTests || echo EndToEndTests)
  log=$(mktemp)
  # The runner's exit code is looked at by its counts, so that both suites run.
  "tests/$project/bin/Debug/net10.0/KubectlMlopsBackup.$name" -noColor "$@" 2>&1 | tee "$log" || true
  summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
  grep -A1 -F '[SKIP]' "$log" | grep -vF -e '[SKIP]' -e '--' >>"$reasons" || true
  grep -A6 -F '[FAIL]' "$log" >>"$failures" || true
  rm -f "$log"
  [[ -n $summary ]] || { echo "the $project tests did not come to their end" >&2; exit 1; }
  read -r total errors bad left < <(grep -oE '[0-9]+' <<<"$summary" | paste -sd' ')
  passed=$((passed + total - bad - left)) failed=$((failed + errors + bad)) skipped=$((skipped + left))
done
# Once more at the end, where one looks first.
cat "$failures"
echo "$passed passed, $failed failed, $skipped skipped"
sed 's/^ */  skipped: /' "$reasons" | sort | uniq -c | sort -rn
((failed == 0 && passed > 0))
