#!/usr/bin/env bash
# Unpacks a Debian kernel that has MOVE_MOUNT_BENEATH (6.5 and later) and prints the folder: kernel.sh CACHE. Nothing is installed.
set -euo pipefail
cache=$1
suite=trixie
package=linux-image-cloud-$(dpkg --print-architecture)

# A look at the archive once a month is enough.
month=$(date +%Y-%m)
kernel=$(find "$cache" -maxdepth 1 -name "kernel-$month-*" | head -n 1)
if [ -n "$kernel" ]; then
  echo "$kernel"
  exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,archives/partial}
sed -e '/^$/,$d' -e "s/^Suites:.*/Suites: $suite/" /etc/apt/sources.list.d/debian.sources >"$work/debian.sources"
apt=(-qq -o "Dir::Etc::sourcelist=$work/debian.sources" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/lists"
  -o "Dir::Cache=$work" -o APT::Sandbox::User=root)
apt-get "${apt[@]}" update
image=$(apt-cache "${apt[@]}" depends "$package" | sed -n 's/^ *Depends: *\(linux-image-.*\)/\1/p' | head -n 1)
(cd "$work" && apt-get "${apt[@]}" download "$image")
kernel=$cache/kernel-$month-$image
rm -rf "$cache"/kernel-*
mkdir "$kernel.new"
dpkg -x "$work"/*.deb "$kernel.new"
mv "$kernel.new" "$kernel"
echo "$kernel"
