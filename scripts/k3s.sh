#!/usr/bin/env bash
# k3s.sh up|down [VERSION]: a throw-away Kubernetes in a container, for CI and to try things on. Needs docker.
#   VERSION     an image tag of rancher/k3s (v1.36.1-k3s1)
#   KUBECONFIG_FILE   environment: where the kubeconfig goes (./k3s.kubeconfig)
set -euo pipefail
name=mlopsbackup-k3s
config=${KUBECONFIG_FILE:-$PWD/k3s.kubeconfig}
case ${1-} in
  up)
    version=${2:-v1.36.1-k3s1}
    # Secrets encryption, ingress and load balancer are of no use here; metrics cost memory.
    docker run -d --name "$name" --privileged --tmpfs /run --tmpfs /var/run -p 127.0.0.1:6443:6443 "docker.io/rancher/k3s:$version" \
      server --disable traefik,servicelb,metrics-server --tls-san 127.0.0.1 --write-kubeconfig-mode 600 >/dev/null
    for ((i = 0; i < 120; i++)); do
      if docker exec "$name" kubectl get --raw /readyz >/dev/null 2>&1 && docker exec "$name" kubectl get serviceaccount default >/dev/null 2>&1; then
        (umask 077 && docker exec "$name" cat /etc/rancher/k3s/k3s.yaml >"$config")
        docker exec "$name" kubectl wait --for=condition=Ready node --all --timeout=120s
        echo "$config"
        exit 0
      fi
      sleep 1
    done
    docker logs --tail 50 "$name" >&2
    echo "k3s.sh: it was not ready after two minutes" >&2
    exit 1
    ;;
  load) # IMAGE: from docker into the cluster
    docker save "${2:?usage: k3s.sh load IMAGE}" | docker exec -i "$name" ctr -n k8s.io images import -
    ;;
  down)
    docker rm -f "$name" >/dev/null
    rm -f "$config"
    ;;
  *)
    sed -n '2,4s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
