#!/usr/bin/env bash
# Boots a cluster of one node in namespaces of its own (pid, mount, net, uts, ipc), until its standard input ends:
#
#   boot.sh FOLDER BINARIES ROOT ARTIFACTS IMAGE ...
#
# FOLDER, made here, keeps everything: kubeconfig (every right, for who is in the cluster's network), logs/, disk/ (what the node keeps
# through a power cut), reports/ (at /reports on the node). FOLDER/authority.crt, where it is there already, is whom the API server
# trusts besides. BINARIES is what tests/apiserver/build.sh printed, ROOT what root.sh printed; the node has ARTIFACTS/IMAGE.tar.
# FOLDER/pid is its first process: who ends that ends all of it. FOLDER/off, FOLDER/off-kubelet and FOLDER/off-containerd, while they exist, keep the node or that program from being started again
# once it has been killed; otherwise it comes back at once.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"/{logs,disk,reports}
folder=$(cd "$1" && pwd)
export CLUSTER=$folder BINARIES=$2 NODE_ROOT=$3 ARTIFACTS=$4 IMAGES="${*:5}"
CGROUP=$(basename "$folder")
export CGROUP

remove_cgroups() {
  local hierarchy
  for hierarchy in /sys/fs/cgroup/*/; do
    [ ! -d "$hierarchy$CGROUP" ] || find "$hierarchy$CGROUP" -depth -type d -exec rmdir {} + || true
  done
}
trap remove_cgroups EXIT
# On cgroup v1 all pods are below a group of this cluster's.
for hierarchy in /sys/fs/cgroup/*/; do
  mkdir -p "$hierarchy$CGROUP"
  for file in cpuset.cpus cpuset.mems; do
    [ ! -f "$hierarchy$file" ] || cat "$hierarchy$file" >"$hierarchy$CGROUP/$file"
  done
done

bash "$here/credentials.sh" "$folder"
unshare --pid --fork --mount --mount-proc --net --uts --ipc --kill-child tini-static -- bash "$here/plane.sh" <&0 &
until pid=$(pgrep --parent $!); do sleep 0.02; done
# Its first process, for who enters or ends it.
echo "$pid" >"$folder/pid.new" && mv "$folder/pid.new" "$folder/pid"
wait $!
