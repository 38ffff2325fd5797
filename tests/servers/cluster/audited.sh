#!/usr/bin/env bash
# audited.sh PROGRAMS FOLDER: makes FOLDER, which stands in for PROGRAMS (a cluster's programs, keys and state): all of it by links,
# but for a kube-apiserver that keeps an audit log, FOLDER/audit.log, after policy audit-policy.yaml.
set -euo pipefail
programs=$(realpath "${1:?a folder with bin/kube-apiserver}") folder=${2:?the folder to make}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$programs"/{conf,images,pki,run} "$folder/bin"
folder=$(realpath "$folder")
for part in "$programs"/*; do
  [[ $part == "$programs/bin" ]] || ln -sfn "$part" "$folder/"
done
# Of a cluster that never ran it is not there yet, and is made through the link.
ln -sfn "$programs/admin.kubeconfig" "$folder/"
ln -sf "$programs"/bin/* "$folder/bin/"
cp "$here/audit-policy.yaml" "$folder/"
rm -f "$folder/bin/kube-apiserver"
cat >"$folder/bin/kube-apiserver" <<WRAPPER
#!/bin/sh
exec "$programs/bin/kube-apiserver" "\$@" --audit-policy-file="$folder/audit-policy.yaml" --audit-log-path="$folder/audit.log" --audit-log-maxsize=1000
WRAPPER
chmod +x "$folder/bin/kube-apiserver"
