#!/usr/bin/env bash
# krew.sh RELEASE [OUT]: the plugin's manifest for krew, from a release's folder, checked by the rules of the krew index.
#   RELEASE     the folder that scripts/release.sh has written
#   OUT         the manifest (RELEASE/mlopsbackup.yaml)
#   REPOSITORY  environment: OWNER/NAME on GitHub, where the release is
#   BASE        environment: the address of the archives (that repository's releases on GitHub)
# Source of the rules: github.com/kubernetes-sigs/krew, internal/index/validation and cmd/validate-krew-manifest.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
if [[ $# -lt 1 || ! -f ${1-}/checksums.txt ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
release=$(cd "$1" && pwd)
manifest=${2:-$release/mlopsbackup.yaml}
die() { echo "krew.sh: $1" >&2; exit 1; }

version=$(sed -nE '1s/.*kubectl-mlopsbackup_([^_]+)_.*/\1/p' "$release/checksums.txt")
# krew reads it as a semantic version with a v before it.
[[ $version =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$ ]] || die "the release's version $version is no semantic version"
repository=${REPOSITORY-}
[[ $repository =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ ]] || die "REPOSITORY \"$repository\" is not OWNER/NAME"
base=${BASE:-https://github.com/$repository/releases/download/v$version}
[[ $base == https://* ]] || die "BASE $base is no https address"

platforms=''
for platform in linux_amd64 linux_arm64 darwin_amd64 darwin_arm64 windows_amd64 windows_arm64; do
  archive=kubectl-mlopsbackup_${version}_$platform.tar.gz
  [[ -f $release/$archive ]] || continue
  bin=kubectl-mlopsbackup
  [[ $platform == windows_* ]] && bin=kubectl-mlopsbackup.exe
  sha=$(awk -v name="$archive" '$2 == name { print $1 }' "$release/checksums.txt")
  [[ $sha =~ ^[a-f0-9]{64}$ ]] || die "checksums.txt has no sum of $archive"
  [[ $(sha256sum "$release/$archive" | cut -d' ' -f1) == "$sha" ]] || die "$archive is not what checksums.txt says"
  listing=$(tar -tvzf "$release/$archive")
  grep -qE "^-rwx.* $bin\$" <<<"$listing" || die "$archive has no program $bin"
  # The index refuses a plugin that installs no licence.
  grep -qE '^-.* LICENSE$' <<<"$listing" || die "$archive has no LICENSE"
  grep -qE '(^| )(/|\.\./)' <<<"$listing" && die "$archive has files outside of its folder"
  platforms+="  - selector:
      matchLabels:
        os: ${platform%_*}
        arch: ${platform#*_}
    uri: $base/$archive
    sha256: $sha
    bin: $bin
"
done
[[ -n $platforms ]] || die "there is no archive of $version in $release"

# Not by sed: & and / mean something there.
text=$(tail -n +2 "$here/krew/mlopsbackup.yaml.template")
text=${text//@VERSION@/$version}
text=${text//@REPOSITORY@/$repository}
text=${text//@PLATFORMS@/${platforms%$'\n'}}
[[ $text != *@*@* ]] || die 'something in the template was not filled in'
[[ $(basename "$manifest") == mlopsbackup.yaml ]] || die 'a manifest has the name of its plugin: mlopsbackup.yaml'
printf '%s\n' "$text" >"$manifest"
echo "$manifest"
