#!/usr/bin/env bash
# reproducible.sh: publishes the same commit twice, in two folders of different names, and says whether the binaries are byte-equal.
# Takes two full builds. Exit code 1 where they differ, with the sections that do.
set -euo pipefail
cd "$(dirname "$0")/.."
rid=$(scripts/rid.sh)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in one another-name; do
  git clone -q --no-hardlinks . "$work/$name"
  (cd "$work/$name" && scripts/build.sh "$rid" "$work/$name/out" >"$work/$name.log" 2>&1) || { tail -n 20 "$work/$name.log" >&2; exit 1; }
done
first=$work/one/out/kubectl-mlopsbackup second=$work/another-name/out/kubectl-mlopsbackup
sha256sum "$first" "$second"
if cmp -s "$first" "$second"; then
  echo "byte-equal"
  exit 0
fi
# cmp says by its exit code that they differ: no reason to stop here.
{ cmp -l "$first" "$second" || true; } | wc -l | sed 's/$/ bytes differ/'
if command -v readelf >/dev/null; then
  # Which sections differ: __managedcode, too, and .note.gnu.build-id.
  readelf -SW "$first" | sed -nE 's/^ *\[ *[0-9]+\] ([^ ]+) .*/\1/p' | while read -r section; do
    rm -f "$work/a" "$work/b"
    objcopy -O binary --only-section="$section" "$first" "$work/a" 2>/dev/null || continue
    objcopy -O binary --only-section="$section" "$second" "$work/b" 2>/dev/null || { echo "missing: $section"; continue; }
    cmp -s "$work/a" "$work/b" || echo "differs: $section"
  done
fi
exit 1
