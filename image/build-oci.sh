#!/usr/bin/env bash
# build-oci.sh OUT.tar: the agent image as an OCI archive, from Debian packages, without a container engine.
# For clusters without a registry: ctr -n k8s.io images import OUT.tar, or k3s ctr images import OUT.tar.
# Needs root, debootstrap and jq. Debian has one PostgreSQL major: for the others, use the Containerfile.
#   BINARY   the native binary           (out/kubectl-mlopsbackup)
#   NAME     the image's name and tag    (docker.io/library/kubectl-mlopsbackup-agent:VERSION of the binary)
#   SUITE    Debian's release            (bookworm)
#   MIRROR   where its packages are      (http://deb.debian.org/debian)
#   SOURCE_DATE_EPOCH   the time of every file in it (that of the last commit, else 0)
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
if [[ $# != 1 ]]; then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
out=$(realpath -m "$1")
binary=${BINARY:-$here/out/kubectl-mlopsbackup}
suite=${SUITE:-bookworm}
mirror=${MIRROR:-http://deb.debian.org/debian}
[[ $(id -u) == 0 ]] || { echo "build-oci.sh: needs root (debootstrap makes a root file system)" >&2; exit 1; }
[[ -x $binary ]] || { echo "build-oci.sh: $binary is not there; run make build, or set BINARY" >&2; exit 1; }
for tool in debootstrap jq sha256sum tar gzip; do
  command -v "$tool" >/dev/null || { echo "build-oci.sh: $tool is missing" >&2; exit 1; }
done
name=${NAME:-docker.io/library/kubectl-mlopsbackup-agent:$("$binary" version | cut -d' ' -f2)}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root layout=$work/layout
mkdir -p "$layout/blobs/sha256"

debootstrap --variant=minbase --include=ca-certificates,libssl3,postgresql-client,tzdata \
  "$suite" "$root" "$mirror" >"$work/debootstrap.log" 2>&1 || { tail -n 20 "$work/debootstrap.log" >&2; exit 1; }
install -m 0755 "$binary" "$root/usr/local/bin/kubectl-mlopsbackup"
echo 'mlopsbackup:x:10001:' >>"$root/etc/group"
echo 'mlopsbackup:x:10001:10001::/tmp:/usr/sbin/nologin' >>"$root/etc/passwd"
# What nobody needs at run time, and what differs from build to build.
rm -rf "$root"/var/cache/apt/* "$root"/var/cache/debconf/*-old "$root"/var/cache/ldconfig/* "$root"/var/lib/apt/lists/* \
  "${root:?}"/var/log/* "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/* "${root:?}"/dev/* "${root:?}"/proc/* \
  "${root:?}"/sys/* "${root:?}"/run/* "${root:?}"/tmp/* "$root"/debootstrap "$root"/etc/machine-id "$root"/etc/resolv.conf "$root"/etc/hostname

# sorted: the same files make the same bytes
pack() {
  tar --sort=name --numeric-owner --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --clamp-mtime -C "$1" -cf - .
}
# add FILE: into the layout under its hash; prints "sha256:HASH SIZE"
add() {
  local hash
  hash=$(sha256sum "$1" | cut -d' ' -f1)
  mv "$1" "$layout/blobs/sha256/$hash"
  echo "sha256:$hash $(stat -c %s "$layout/blobs/sha256/$hash")"
}

pack "$root" >"$work/layer.tar"
diff=sha256:$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
gzip -1 -n <"$work/layer.tar" >"$work/layer.tar.gz"
rm "$work/layer.tar"
read -r layer layer_size < <(add "$work/layer.tar.gz")

arch=$(dpkg --print-architecture)
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
jq -cn --arg arch "$arch" --arg created "$created" --arg diff "$diff" '{
  created: $created, architecture: $arch, os: "linux",
  config: {
    User: "10001:10001",
    Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp"],
    Entrypoint: ["kubectl-mlopsbackup"]
  },
  rootfs: {type: "layers", diff_ids: [$diff]}
}' >"$work/config.json"
read -r config config_size < <(add "$work/config.json")

jq -cn --arg config "$config" --argjson config_size "$config_size" --arg layer "$layer" --argjson layer_size "$layer_size" '{
  schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $config, size: $config_size},
  layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: $layer, size: $layer_size}]
}' >"$work/manifest.json"
read -r manifest manifest_size < <(add "$work/manifest.json")

jq -cn --arg arch "$arch" --arg name "$name" --arg manifest "$manifest" --argjson manifest_size "$manifest_size" '{
  schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [{
    mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $manifest, size: $manifest_size,
    platform: {architecture: $arch, os: "linux"},
    annotations: {"io.containerd.image.name": $name, "org.opencontainers.image.ref.name": $name}
  }]
}' >"$layout/index.json"
echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
pack "$layout" >"$out"
echo "$name $manifest $(du -h "$out" | cut -f1) $out"
