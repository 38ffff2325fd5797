#!/usr/bin/env bash
# Puts the program into the PATH: a release, checked, or a build of the checkout.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lib.sh
source "$here/lib.sh"

mkdir -p "$FOLDER"
exe=kubectl-mlopsbackup
[[ $PLATFORM == windows_* ]] && exe=kubectl-mlopsbackup.exe

if [[ $INSTALL == source ]]; then
  bin=$RUNNER_TEMP/kubectl-mlopsbackup/source
  root=$(cd "$here/.." && pwd)
  command -v dotnet >/dev/null || fail 'the .NET SDK is needed to build the checkout' 'add actions/setup-dotnet before it, or name a version'
  "$root/scripts/build.sh" "$("$root/scripts/rid.sh")" "$bin"
else
  bin=$RUNNER_TEMP/kubectl-mlopsbackup/$VERSION
  archive=kubectl-mlopsbackup_${VERSION}_$PLATFORM.tar.gz
  base=${DOWNLOAD_URL:-${GITHUB_SERVER_URL:-https://github.com}/$REPOSITORY/releases/download/v$VERSION}
  get() { curl -fsSL --proto '=https,http' --proto-redir '=https' --retry 3 --retry-connrefused --max-time 300 -o "$2" "$1"; }

  # The checksums come anew each time: an archive of the cache is trusted no more than one of the network.
  get "${base%/}/checksums.txt" "$FOLDER/checksums.txt" || fail "there is no release $VERSION at ${base%/}" 'check version, and that the runner may reach it'
  [[ -f $FOLDER/$archive ]] || get "${base%/}/$archive" "$FOLDER/$archive" || fail "release $VERSION has no $archive" 'choose another version, or another runner'
  wanted=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$FOLDER/checksums.txt")
  # By standard input: with a Windows path sha256sum prints a backslash first, and tar takes the drive for a host and backslashes for escapes.
  if command -v sha256sum >/dev/null; then actual=$(sha256sum <"$FOLDER/$archive"); else actual=$(shasum -a 256 <"$FOLDER/$archive"); fi
  if [[ ! $wanted =~ ^[0-9a-f]{64}$ || ${actual%% *} != "$wanted" ]]; then
    rm -f "$FOLDER/$archive"
    fail "$archive is not what checksums.txt says" 'run it again; if it stays so, do not use that release, and report it'
  fi

  if [[ $VERIFY_ATTESTATION == true ]]; then
    command -v gh >/dev/null || fail 'the GitHub CLI is needed to check the attestation' 'install gh on the runner, or set verify-attestation: false'
    gh attestation verify "$FOLDER/$archive" --repo "$REPOSITORY" --signer-workflow "$REPOSITORY/.github/workflows/release.yml" ||
      fail "$archive has no attestation of the release workflow of $REPOSITORY" 'do not use it, unless you know why: then set verify-attestation: false'
  fi

  rm -rf "$bin"
  mkdir -p "$bin"
  (cd "$bin" && tar -xzf - "$exe") <"$FOLDER/$archive"
  chmod 0755 "$bin/$exe"
fi

printf '%s\n' "$bin" >>"$GITHUB_PATH"
printf 'installed: %s\n' "$("$bin/$exe" version)"
output binary "$bin/$exe"
