#!/usr/bin/env bash
# Writes docs/commands anew, from the help texts.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/unit --nologo -v q
MLOPSBACKUP_UPDATE_DOCS=1 tests/unit/bin/Debug/net10.0/KubectlMlopsBackup.UnitTests -noColor -class '*.CommandPagesTests'
git status --short docs/commands
