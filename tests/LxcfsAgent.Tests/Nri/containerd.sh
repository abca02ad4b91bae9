#!/usr/bin/env bash
# Runs containerd of a node's root file system in a mount and pid namespace of its own: containerd.sh ROOT FOLDER
# FOLDER/run has its sockets. What it writes is in memory, and gone with it.
set -euo pipefail
node=$1 folder=$2
mkdir -p "$folder"/{run,disk}
mount --make-rprivate /
mount -t tmpfs disk "$folder/disk"
root=$folder/disk/root
mkdir -p "$folder"/disk/{root,upper,work,state}
mount -t overlay node -o "lowerdir=$node,upperdir=$folder/disk/upper,workdir=$folder/disk/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mkdir -p "$root"/{run,var/lib/containerd}
mount --bind "$folder/run" "$root/run"
mount --bind "$folder/disk/state" "$root/var/lib/containerd"
cat >"$root/etc/containerd/config.toml" <<'END'
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:test"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
[plugins."io.containerd.nri.v1.nri"]
  disable = false
END
exec chroot "$root" /usr/bin/containerd --log-level info
