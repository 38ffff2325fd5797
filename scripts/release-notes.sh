#!/usr/bin/env bash
# release-notes.sh VERSION: the notes of a release as Markdown, from changelog/VERSION_DATE/, or from changelog/unreleased/ where that is not there yet.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?usage: release-notes.sh VERSION}
folder=$(find changelog -mindepth 1 -maxdepth 1 -type d -name "${version}_*" | head -n 1)
folder=${folder:-changelog/unreleased}
compgen -G "$folder/*.md" >/dev/null || { echo "release-notes.sh: there is nothing in $folder" >&2; exit 1; }

for kind in Security Bugfix Change Enhancement; do
  heading=$kind
  case $kind in
    Security) heading='Security' ;;
    Bugfix) heading='Fixed' ;;
    Change) heading='Changed' ;;
    Enhancement) heading='New' ;;
  esac
  first=true
  for file in "$folder"/*.md; do
    read -r line <"$file"
    [[ $line == "$kind: "* ]] || continue
    if [[ $first == true ]]; then
      printf '## %s\n\n' "$heading"
      first=false
    fi
    printf '### %s\n\n' "${line#"$kind: "}"
    # Without the first line and the empty one after it.
    tail -n +2 "$file" | sed '/./,$!d'
    printf '\n'
  done
done
