#!/usr/bin/env bash
# The control plane, and the node's power supply: the first process of a cluster's namespaces, which boot.sh makes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$CLUSTER"

# The bridge is the node's address too. Pods have 10.88.0.0/24, Services 10.89.0.0/24.
hostname node
ip link set lo up
ip link add cni0 type bridge
ip address add 10.88.0.1/24 dev cni0
ip link set cni0 up
# Of the Services one alone has its address: the API server's, which pods know it by.
ip address add 10.89.0.1/32 dev lo

# begin NAME ARGUMENT ...: a program of the control plane, started again whenever it ends, as a kubelet does: on a busy machine the
# controllers give up before the API server answers.
begin() {
  while :; do
    "$BINARIES/$1" "${@:2}" </dev/null >>"logs/$1.log" 2>&1 || true
    sleep 0.2
  done &
}

url=http://127.0.0.1:2379
begin etcd --data-dir="$CLUSTER/etcd" --unsafe-no-fsync --log-level=warn --listen-client-urls="$url" --advertise-client-urls="$url" \
  --listen-peer-urls=http://127.0.0.1:0 --initial-advertise-peer-urls=http://127.0.0.1:0 --initial-cluster=default=http://127.0.0.1:0

# Whom a webhook by URL is trusted by.
if [ -f authority.crt ]; then export SSL_CERT_FILE=$CLUSTER/authority.crt; fi
# Webhooks are called at the addresses of a Service's endpoints: that takes neither kube-proxy nor DNS.
begin kube-apiserver --etcd-servers="$url" --secure-port=6443 --insecure-port=0 --advertise-address=10.88.0.1 \
  --tls-cert-file=server.crt --tls-private-key-file=server.key --token-auth-file=tokens.csv \
  --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=server.key \
  --service-account-signing-key-file=server.key --service-cluster-ip-range=10.89.0.0/24 --enable-aggregator-routing=true \
  --authorization-mode=RBAC --allow-privileged=true --feature-gates=EphemeralContainers=true \
  --kubelet-preferred-address-types=InternalIP \
  --audit-policy-file="$here/node/audit.yaml" --audit-log-path=logs/audit.log --audit-log-mode=blocking

begin etcd gateway start --listen-addr=10.89.0.1:443 --endpoints=127.0.0.1:6443 --retry-delay=1s

until (exec 3<>/dev/tcp/127.0.0.1/6443) 2>/dev/null; do sleep 0.1; done
begin kube-controller-manager --kubeconfig=kubeconfig --leader-elect=false --port=0 --secure-port=0 --root-ca-file=server.crt \
  --service-account-private-key-file=server.key --kube-api-qps=100 --kube-api-burst=200
begin kube-scheduler --kubeconfig=kubeconfig --leader-elect=false --port=0 --secure-port=0

# A machine that was off has no control groups of before; a kubelet asks for the container of each, for a second and a half.
forget_groups() {
  local hierarchy
  for hierarchy in /sys/fs/cgroup/*/; do
    [ ! -d "$hierarchy$CGROUP/kubepods" ] || find "$hierarchy$CGROUP/kubepods" -depth -type d -exec rmdir {} + || true
  done
}

power() {
  while :; do
    forget_groups
    while [ -e off ]; do sleep 0.05; done
    unshare --pid --fork --mount --uts --kill-child tini-static -- bash "$here/node.sh" </dev/null >>logs/node.log 2>&1 || true
  done
}
power &
# Ends with whoever started it.
cat >/dev/null
