#!/usr/bin/env bash
# build.sh RID OUT: publishes the native binary. Fails on any trim or AOT warning: warnings are errors.
set -euo pipefail
cd "$(dirname "$0")/.."
rid=$1 out=$2
dotnet publish src/KubectlMlopsBackup -c Release -r "$rid" -o "$out" --nologo -v q
rm -f "$out"/*.dbg "$out"/*.pdb
ls -l "$out"/kubectl-mlopsbackup*
