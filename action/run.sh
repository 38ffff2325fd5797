#!/usr/bin/env bash
# Runs the verb, shows what it says, and tells its result as outputs. It does not fail by the verb's exit code: verdict.sh does, last.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lib.sh
source "$here/lib.sh"

report=$STATE/report
mkdir -p "$report"
arguments=()
while IFS= read -r -d '' word; do arguments+=("$word"); done <"$STATE/arguments"
if [[ -f $STATE/kubeconfig ]]; then arguments+=("--kubeconfig=$STATE/kubeconfig"); fi
arguments+=(--output=json --color=never)
# Pages of the report for people and for CI systems.
case ${arguments[0]} in
  drill | recover) arguments+=("--report=$report/report.html" "--report=$report/report.md" "--report=$report/junit.xml") ;;
esac

# Names of files and tables are in what the program says: none of it may be a workflow command.
token=mlops-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf 'kubectl-mlopsbackup %s\n::stop-commands::%s\n' "${arguments[0]}" "$token"
code=0
# Progress comes as lines of JSON on standard error; a person reads the log.
# shellcheck disable=SC2016
"$BINARY" "${arguments[@]}" 2>"$report/log.jsonl" >"$report/result.json" </dev/null || code=$?
readable='fromjson? // . | if type == "object" then
    if .type == "note" or .type == "error" then .message
    else "\(.phase // "working"): \(.filesDone // 0) files, \((.bytesDone // 0) / 1048576 | floor) MiB, \(.elapsedSeconds // 0 | floor) s" end
  else . end'
jq -rR "$readable" "$report/log.jsonl" >"$report/log.txt" 2>/dev/null || cp "$report/log.jsonl" "$report/log.txt"
rm -f "$report/log.jsonl"
cat "$report/log.txt"
head -c 65536 "$report/result.json"
printf '\n::%s::\n' "$token"

# field JQ: of the result; nothing where there is none.
# jq ends its lines with CR LF on Windows.
field() { jq -r "($1) // empty" "$report/result.json" 2>/dev/null | tr -d '\r' | head -n 1 || true; }

case $code in
  0) verdict='done' ;;
  2) verdict=usage ;;
  3) verdict=incomplete ;;
  4) verdict=check-failed ;;
  10) verdict=no-repository ;;
  11) verdict=locked ;;
  12) verdict=wrong-key ;;
  130) verdict=cancelled ;;
  *) verdict=failed ;;
esac

# Why exit code 4 came: a target that was missed can be no failure, if the workflow says so. Damage always is one.
reasons=$(jq -r '
  def late: [(select(.rpo? and .rpo.seconds > .rpo.targetSeconds) | "rpo"), (select(.rto? and .rto.seconds > .rto.targetSeconds) | "rto")];
  def left: ((.steps // []) | any(.outcome | ascii_downcase == "incomplete"))
    or ((.checks // []) | any(.outcome | ascii_downcase | . == "warned" or . == "skipped"))
    or ((.counts // []) | any(.expected != .actual));
  if type != "object" then "damage"
  elif .verdict? == "missed" then (late + (if left then ["incomplete"] else [] end) | join(" "))
  elif has("safe") then [.problems[]? | select(.severity | ascii_downcase == "error") | if .kind | ascii_downcase == "stale" then "rpo" else "damage" end] | unique | join(" ")
  else "damage" end' "$report/result.json" 2>/dev/null | tr -d '\r' || true)
case $code in
  3) reasons=incomplete ;;
  4) reasons=${reasons:-damage} ;;
  *) reasons="" ;;
esac

output exit-code "$code"
output verdict "$verdict"
output reasons "$reasons"
output recovery-point "$(field '.point.id? // .recoveryPoint? // ([.repositories[]?.recoveryPoint.id?] | map(select(.)) | first) // (if type == "array" then .[-1].id else null end) | select(type == "string")')"
output rpo-seconds "$(field '.rpo.seconds? // .rpoSeconds? // ([.repositories[]?.ageSeconds?] | map(select(.)) | first)')"
output rto-seconds "$(field '.rto.seconds? // (if has("rpoSeconds") then .seconds else null end)')"
output report "$report"
