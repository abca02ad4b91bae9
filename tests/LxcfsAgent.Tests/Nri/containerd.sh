#!/usr/bin/env bash
# Runs containerd of a node's root file system with the image FOLDER/pause.tar: containerd.sh ROOT FOLDER
# To be the first process of a mount and a pid namespace. FOLDER/run has the sockets; FOLDER/run/ready says that it is up, and
# FOLDER/run/kill has it killed and started again. What it writes is in memory, and gone with it.
set -euo pipefail
node=$1 folder=$2

mount_root() {
  local disk=$folder/disk root=$folder/disk/root
  mount --make-rprivate /
  mkdir -p "$folder/run" "$disk"
  mount -t tmpfs disk "$disk"
  mkdir -p "$disk"/{root,upper,work,state}
  mount -t overlay node -o "lowerdir=$node,upperdir=$disk/upper,workdir=$disk/work" "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
  mkdir -p "$root"/{old,etc/containerd,var/lib/containerd}
  mount --bind "$folder/run" "$root/run"
  mount --bind "$disk/state" "$root/var/lib/containerd"
  cp "$folder/pause.tar" "$root/pause.tar"
  cat >"$root/etc/containerd/config.toml" <<'END'
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:test"
  disable_apparmor = true
  # Some machines let not even root lower it.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
[plugins."io.containerd.nri.v1.nri"]
  disable = false
END
  cd "$root"
  pivot_root . old
  umount --lazy /old
  mount --make-rshared /
}

main() {
  mount_root
  export PATH=/usr/sbin:/usr/bin:/sbin:/bin
  hash -r
  local containerd
  while :; do
    containerd --log-level info &
    containerd=$!
    until ctr version >/dev/null 2>&1; do sleep 0.1; done
    [ -e /run/ready ] || ctr --namespace k8s.io images import /pause.tar
    touch /run/ready
    until [ -e /run/kill ]; do sleep 0.1; done
    rm /run/kill
    kill -KILL "$containerd"
    wait "$containerd" || true
  done
}
main
