#!/usr/bin/env bash
# drill-issue.sh VERDICT URL [REPORT.md]: one issue for drills that fail. Opened by the first failure, told of each further one, closed by a success.
# Needs gh, with GH_TOKEN and GITHUB_REPOSITORY set.
set -euo pipefail
verdict=${1:?usage: drill-issue.sh VERDICT URL [REPORT.md]} url=${2:?usage: drill-issue.sh VERDICT URL [REPORT.md]} report=${3-}
label=dr-drill
title='The disaster recovery drill fails'

body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  printf 'Verdict: **%s**. The run, with its report as an artifact: %s\n' "$verdict" "$url"
  # GitHub takes 65,536 characters.
  if [[ -s $report ]]; then printf '\n' && head -c 50000 "$report"; fi
} >"$body"

number=$(gh issue list --repo "$GITHUB_REPOSITORY" --label "$label" --state open --limit 1 --json number --jq '.[0].number // empty')
if [[ $verdict == 'done' ]]; then
  [[ -z $number ]] || gh issue close "$number" --repo "$GITHUB_REPOSITORY" --comment "The drill passed: $url"
elif [[ -n $number ]]; then
  gh issue comment "$number" --repo "$GITHUB_REPOSITORY" --body-file "$body"
else
  gh label create "$label" --repo "$GITHUB_REPOSITORY" --color B60205 --description 'Rehearsed recoveries' --force
  gh issue create --repo "$GITHUB_REPOSITORY" --title "$title" --label "$label" --body-file "$body"
fi
