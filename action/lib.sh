#!/usr/bin/env bash
# What the action's steps have in common. To be sourced. Written for bash 3.2 too: it is what macOS runners have.

# fail MESSAGE FIX: an error in the log and on the workflow's page.
fail() {
  printf '::error title=kubectl-mlopsbackup::%s\n' "$(escape "$1 (fix: $2)")"
  exit 2
}

# escape TEXT: for the value of a workflow command. One line stays one line.
escape() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  text=${text//$'\n'/%0A}
  printf '%s' "$text"
}

# output NAME VALUE: of the step. The delimiter is random: no value can end it and begin another output.
output() {
  local delimiter
  delimiter=mlops-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s<<%s\n%s\n%s\n' "$1" "$delimiter" "$2" "$delimiter" >>"$GITHUB_OUTPUT"
}

# mask VALUE: the log shows *** in its place from now on. The runner masks line by line.
mask() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    # Shorter ones would hide half of the log, and are no secret.
    if ((${#line} >= 6)); then printf '::add-mask::%s\n' "$(escape "$line")"; fi
  done <<<"$1"
}

# has_control TEXT: control characters, among them line breaks.
has_control() {
  local LC_ALL=C
  [[ $1 == *[[:cntrl:]]* ]]
}
