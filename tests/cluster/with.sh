#!/usr/bin/env bash
# Boots a cluster and runs a command in its network with KUBECONFIG set: with.sh COMMAND ...
#
#   tests/cluster/with.sh bash                                                  to look around
#   tests/cluster/with.sh tests/e2e/bin/Release/net10.0/EndToEnd.Tests          the end-to-end tests that run against any cluster
#
# Takes what prepare.sh makes. IMAGES="NAME ..." are those of artifacts/node that the node has besides the pause image.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
artifacts=$(realpath "$here/../../artifacts/node")
folder=$(mktemp -d /tmp/lxcfs-cluster-XXXXXX)
chmod 755 "$folder"
mkfifo "$folder/alive"
# shellcheck disable=SC2086 # A list.
bash "$here/boot.sh" "$folder" "$(bash "$here/../apiserver/build.sh" --cached)" "$(bash "$here/root.sh" --cached)" "$artifacts" pause ${IMAGES:-} <"$folder/alive" &
exec 8>"$folder/alive"
leave() {
  exec 8>&-
  wait || true
  rm -rf "$folder"
}
trap leave EXIT

echo 'boots a cluster of one node, which takes half a minute or more' >&2
until [ -s "$folder/pid" ]; do sleep 0.05; done
enter=(nsenter --target "$(cat "$folder/pid")" --net env "KUBECONFIG=$folder/kubeconfig" "PATH=$(dirname "$(bash "$here/../kubectl.sh")"):$PATH")
ready() { "${enter[@]}" kubectl wait --for=condition=Ready node/node --timeout=60s && "${enter[@]}" kubectl get serviceaccount default; }
until ready >/dev/null 2>&1; do
  [ $SECONDS -lt 90 ] || { tail -n 5 "$folder"/logs/*.log >&2; exit 1; }
  sleep 0.2
done
echo "a cluster of one node after $SECONDS s" >&2
"${enter[@]}" "$@"
