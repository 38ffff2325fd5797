#!/usr/bin/env bash
# The run on the workflow's page. GitHub takes 1 MiB a step, and shows nothing at all of more.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lib.sh
source "$here/lib.sh"

limit=1000000
page=$STATE/summary.md

# cell TEXT: one line of text, nothing of it markup.
cell() { printf '%s' "$1" | tr -d '\r' | tr '\n' ' ' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/|/\\|/g; s/`/\&#96;/g'; }
# block FILE BYTES: its end, as it is.
block() { printf '<pre>'; tail -c "$2" "$1" | LC_ALL=C tr -d '\000-\010\013\014\016-\037' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; printf '</pre>\n'; }
span() { awk -v s="${1:-}" 'BEGIN { if (s == "") print "-"; else if (s < 120) printf "%.0f s\n", s; else if (s < 7200) printf "%.0f min\n", s / 60; else printf "%.1f h\n", s / 3600 }'; }

mark='❌'
[[ $VERDICT == 'done' ]] && mark='✅'
[[ $VERDICT == incomplete ]] && mark='⚠️'
{
  printf '## %s mlopsbackup %s: %s\n\n' "$mark" "$(cell "$COMMAND")" "$(cell "$VERDICT")"
  printf '| recovery point | RPO | RTO | exit code |\n|---|---|---|---|\n| %s | %s | %s | %s |\n\n' \
    "$(cell "${POINT:--}" | cut -c1-64)" "$(span "$RPO")" "$(span "$RTO")" "$(cell "$CODE")"
  if [[ -s $STATE/report/report.md ]]; then
    head -c 600000 "$STATE/report/report.md"
    printf '\n\n'
  fi
  if [[ -s $STATE/report/log.txt ]]; then
    printf '<details><summary>log</summary>\n\n'
    block "$STATE/report/log.txt" 100000
    printf '\n</details>\n'
  fi
  if [[ -s $STATE/report/result.json ]]; then
    printf '<details><summary>result</summary>\n\n'
    block "$STATE/report/result.json" 100000
    printf '\n</details>\n'
  fi
} >"$page"
# Escaping makes text longer: the whole is cut once more.
if (($(wc -c <"$page") > limit)); then
  head -c "$limit" "$page" >"$page.cut"
  printf '\n\n</pre></details>\n\n**Cut here**: the artifact has all of it.\n' >>"$page.cut"
  mv "$page.cut" "$page"
fi
cat "$page" >>"$GITHUB_STEP_SUMMARY"
