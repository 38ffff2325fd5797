#!/usr/bin/env bash
# Fails the step where the verb failed, as fail-on has it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lib.sh
source "$here/lib.sh"

rm -f "$STATE/kubeconfig"
[[ $CODE =~ ^[0-9]+$ ]] || fail 'the verb was not run' 'see the steps before this one'
[[ $CODE != 0 ]] || exit 0

counts=false
case $CODE in
  3 | 4)
    for reason in $REASONS; do
      case " ${FAIL_ON//,/ } " in
        *" $reason "*) counts=true ;;
        *) [[ $reason == damage ]] && counts=true ;;
      esac
    done
    ;;
  *) counts=true ;;
esac
if [[ $counts == false ]]; then
  printf '::warning title=kubectl-mlopsbackup::%s\n' "$(escape "$COMMAND: $VERDICT ($REASONS), which fail-on does not name")"
  exit 0
fi
printf '::error title=kubectl-mlopsbackup::%s\n' "$(escape "$COMMAND: $VERDICT (exit code $CODE)")"
exit "$CODE"
