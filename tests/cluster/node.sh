#!/usr/bin/env bash
# The node: mounts of its own over a root file system of its own, containerd and the kubelet. The first process of its pid namespace;
# plane.sh starts it, and again after its end, as after a power cut: /run is empty then, and the disk is as it was.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

mount_root() {
  local disk=$CLUSTER/disk root=$CLUSTER/root folder
  mount --make-rprivate /
  mkdir -p "$root" "$disk"/{upper,work,containerd,kubelet,lxc}
  mount -t overlay node -o "lowerdir=$NODE_ROOT,upperdir=$disk/upper,workdir=$disk/work" "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs run "$root/run"
  mount -t tmpfs tmp "$root/tmp"
  mkdir -p "$root"/{cluster,binaries,artifacts,reports,old,etc/cni/net.d,var/lib/containerd,var/lib/kubelet,var/lib/lxc}
  mount --bind "$CLUSTER" "$root/cluster"
  mount --bind "$BINARIES" "$root/binaries"
  mount --bind "$ARTIFACTS" "$root/artifacts"
  mount --bind "$CLUSTER/reports" "$root/reports"
  # No overlay can have its changes on another one.
  for folder in containerd kubelet; do mount --bind "$disk/$folder" "$root/var/lib/$folder"; done
  cp "$here/node/bridge.conflist" "$root/etc/cni/net.d/10-bridge.conflist"
  cp "$here/node/containerd.toml" "$root/etc/containerd/config.toml"
  sed "s#CGROUP#/$CGROUP#" "$here/node/kubelet.yaml" >"$root/etc/kubelet.yaml"
  cd "$root"
  pivot_root . old
  umount --lazy /old
  mount --make-rshared /
}

# The kubelet sets these for a whole machine; here they are files of the node's own.
hide_tunables() {
  local name value
  while read -r name value; do
    if [ ! -e "/proc/sys/$name" ]; then continue; fi
    mkdir -p "/run/tunables/$(dirname "$name")"
    echo "$value" >"/run/tunables/$name"
    mount --bind "/run/tunables/$name" "/proc/sys/$name"
  done <<'END'
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
END
}

# keep NAME COMMAND ...: starts it again whenever it ends, but for as long as it is to be off.
keep() {
  while :; do
    while [ -e "/cluster/off-$1" ]; do sleep 0.05; done
    "${@:2}" >>"/cluster/logs/$1.log" 2>&1 || true
    sleep 0.1
  done
}

main() {
  mount_root
  hide_tunables
  export PATH=/usr/sbin:/usr/bin:/sbin:/bin
  hash -r
  keep containerd containerd --log-level warn &
  until ctr version >/dev/null 2>&1; do sleep 0.1; done
  # A node that comes back has them.
  if [ ! -e /var/lib/containerd/has-images ]; then
    local image
    for image in $IMAGES; do ctr --namespace k8s.io images import "/artifacts/$image.tar"; done
    touch /var/lib/containerd/has-images
  fi
  keep kubelet /binaries/kubelet --kubeconfig=/cluster/kubeconfig --config=/etc/kubelet.yaml --hostname-override=node --node-ip=10.88.0.1 \
    --container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock &
  wait
}
main
