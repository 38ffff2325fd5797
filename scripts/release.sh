#!/usr/bin/env bash
# release.sh BINARIES OUT: the archives of a release, and checksums.txt. The same binaries make the same bytes.
#   BINARIES   a folder with RID/kubectl-mlopsbackup for each of the platforms, such as linux-x64/kubectl-mlopsbackup
#   OUT        where the archives go
#   VERSION    environment: the version (that of Directory.Build.props)
#   SOURCE_DATE_EPOCH   environment: the time of every file in them (that of the last commit, else 0)
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
if [[ $# != 2 || ! -d $1 ]]; then
  sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
binaries=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
version=${VERSION:-$(sed -nE 's/.*<Version>([^<]+)<.*/\1/p' "$here/Directory.Build.props")}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || { echo "release.sh: VERSION $version is none; write it as 1.2.3" >&2; exit 2; }
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 0)}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
for rid in linux-x64 linux-arm64 osx-x64 osx-arm64 win-x64 win-arm64; do
  exe=kubectl-mlopsbackup
  [[ $rid == win-* ]] && exe=kubectl-mlopsbackup.exe
  [[ -f $binaries/$rid/$exe ]] || continue
  case $rid in
    linux-*) os=linux ;;
    osx-*) os=darwin ;;
    win-*) os=windows ;;
  esac
  case $rid in
    *-x64) platform=${os}_amd64 ;;
    *-arm64) platform=${os}_arm64 ;;
  esac
  stage=$work/$rid
  mkdir "$stage"
  install -m 0755 "$binaries/$rid/$exe" "$stage/$exe"
  install -m 0644 "$here/LICENSE" "$stage/LICENSE"
  if [[ $rid != win-* ]]; then
    # What "completion kubectl" prints; that binary may not run here.
    sed 's/{{ ask }}/__complete/' "$here/src/Templates/completion/kubectl.sbn" >"$stage/kubectl_complete-mlopsbackup"
    chmod 0755 "$stage/kubectl_complete-mlopsbackup"
  fi
  archive=kubectl-mlopsbackup_${version}_$platform.tar.gz
  (cd "$stage" && tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -cf - -- *) | gzip -9 -n >"$out/$archive"
  count=$((count + 1))
done
((count > 0)) || { echo "release.sh: there is no binary in $binaries; see scripts/build.sh" >&2; exit 1; }
(cd "$out" && LC_ALL=C sha256sum kubectl-mlopsbackup_"$version"_*.tar.gz >checksums.txt)
cat "$out/checksums.txt"
