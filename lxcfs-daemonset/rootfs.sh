#!/usr/bin/env bash
# Runs inside the image build: gathers in /rootfs both versions of LXCFS and the libraries that they and the agent load.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

# download PATTERN FOLDER: LXCFS of that version, with its library beside it.
download() {
  local unpacked
  unpacked=$(mktemp -d)
  (cd "$unpacked" && apt-get -q -o APT::Sandbox::User=root download "lxcfs=$1" && dpkg -x ./*.deb .)
  mkdir -p "/rootfs$2"
  cp "$unpacked/usr/bin/lxcfs" "$unpacked"/usr/lib/*/lxcfs/liblxcfs.so "/rootfs$2"
  mkdir -p "/rootfs/usr/share/doc$2"
  cp "$unpacked/usr/share/doc/lxcfs/copyright" "/rootfs/usr/share/doc$2"
}

apt-get -q update
# shellcheck disable=SC2086 # A list of packages.
apt-get -q install -y --no-install-recommends $LIBRARIES
download "$LXCFS_V1_VERSION" /opt/lxcfs/v1

# The first stanza is the archive; the others (security) don't have this suite.
sed -i -e '/^$/,$d' -e "s/^Suites:.*/Suites: $LXCFS_V2_SUITE/" /etc/apt/sources.list.d/debian.sources
apt-get -q update
download "$LXCFS_V2_VERSION" /opt/lxcfs/v2

# What NativeAOT links is libc's and so always there; what it loads by name is not seen by ldd.
triplet=$(uname -m)-linux-gnu
needed=("/lib/$triplet"/lib{c,m,dl,rt,pthread}.so.* "/usr/lib/$triplet"/lib{ssl,crypto}.so.3)
binaries=(/rootfs/opt/lxcfs/*/* "${needed[@]}")
if ldd "${binaries[@]}" | grep 'not found'; then
  echo 'The base is too old for these versions of LXCFS.' >&2
  exit 1
fi
mapfile -t needed < <({ printf '%s\n' "${needed[@]}"; ldd "${binaries[@]}" | grep -oP '/\S+(?= \(0x)'; } | sort -u)
cp -L --parents "${needed[@]}" /rootfs
cp -L --parents /etc/os-release /rootfs
mkdir -p /rootfs/{dev,proc,run,sys,tmp,usr/bin,var/lib/lxc}
