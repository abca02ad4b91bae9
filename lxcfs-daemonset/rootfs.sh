#!/usr/bin/env bash
# Runs inside the image build: gathers in /rootfs LXCFS, built from source, and the libraries that it and the agent load.
set -euo pipefail

bash /lxcfs/fetch.sh /source
bash /lxcfs/build.sh /source /rootfs/opt/lxcfs
# Where an agent of before looks for one of two versions.
for version in v1 v2; do
  mkdir "/rootfs/opt/lxcfs/$version"
  ln -s ../lxcfs ../liblxcfs.so "/rootfs/opt/lxcfs/$version"
done
# Its licence asks for what was changed.
mkdir -p /rootfs/usr/share/doc/lxcfs
cp -r /source/LICENSE.LGPL2.1 /source/AUTHORS /lxcfs/changes /lxcfs/src /rootfs/usr/share/doc/lxcfs

# What NativeAOT links is libc's and so always there; what it loads by name is not seen by ldd.
triplet=$(uname -m)-linux-gnu
needed=("/lib/$triplet"/lib{c,m,dl,rt,pthread}.so.* "/usr/lib/$triplet"/lib{ssl,crypto}.so.3 "/lib/$triplet/libgcc_s.so.1")
binaries=(/rootfs/opt/lxcfs/{lxcfs,liblxcfs.so} "${needed[@]}")
if ldd "${binaries[@]}" | grep 'not found'; then
  echo 'The base is too old for LXCFS.' >&2
  exit 1
fi
mapfile -t needed < <({ printf '%s\n' "${needed[@]}"; ldd "${binaries[@]}" | grep -oP '/\S+(?= \(0x)'; } | sort -u)
cp -L --parents "${needed[@]}" /rootfs
cp -L --parents /etc/os-release /rootfs
mkdir -p /rootfs/{dev,proc,run,sys,tmp,usr/bin,var/lib/lxc}
