#!/usr/bin/env bash
# Unpacks LXCFS's source as FOLDER: fetch.sh FOLDER. What it is, its checksum says, wherever it comes from.
#
# LXCFS_SOURCE names another file or URL of the same content; without it, Debian's archive is asked, as apt is configured here.
# LXCFS_SUITE is the suite that has this version.
set -euo pipefail
folder=$1
version=6.0.4
# Upstream's release, as Debian signed it into its archive (lxcfs_6.0.4.orig.tar.gz). Debian has no patches for it.
checksum=359046f440eb8c4cf6221939658b713b10c4b1b1145a071ed1502c324bf4a5ac
suite=${LXCFS_SUITE:-trixie}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "${LXCFS_SOURCE:-}" ]; then
  case $LXCFS_SOURCE in
    *://*) curl -fsSL -o "$work/source.tar.gz" "$LXCFS_SOURCE" ;;
    *) cp "$LXCFS_SOURCE" "$work/source.tar.gz" ;;
  esac
else
  mkdir -p "$work"/{lists/partial,cache/archives/partial,download}
  # The first paragraph of debian.sources is the main archive, the others are its updates.
  awk 'BEGIN { RS = "" } NR == 1' /etc/apt/sources.list.d/debian.sources |
    sed -e 's/^Types:.*/Types: deb-src/' -e "s/^Suites:.*/Suites: $suite/" >"$work/archive.sources"
  apt=(-qq -o "Dir::Etc::sourcelist=$work/archive.sources" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update
  (cd "$work/download" && apt-get "${apt[@]}" source --download-only --tar-only lxcfs)
  if [ ! -f "$work/download/lxcfs_$version.orig.tar.gz" ]; then
    echo "$suite has another LXCFS than $version: $(ls "$work/download"). Name a copy of it in LXCFS_SOURCE." >&2
    exit 1
  fi
  mv "$work/download/lxcfs_$version.orig.tar.gz" "$work/source.tar.gz"
fi
if ! echo "$checksum  $work/source.tar.gz" | sha256sum --check --quiet; then
  echo "this is not the source of LXCFS $version: its SHA-256 has to be $checksum" >&2
  exit 1
fi
mkdir -p "$folder"
tar -C "$folder" --strip-components=1 -xzf "$work/source.tar.gz"
