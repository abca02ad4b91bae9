#!/usr/bin/env bash
# Builds what is released beside the images: programs.sh VERSION OUT [WORK]
#
# OUT gets the packages for Azure, the executable of the functions for each architecture, and below agent and package, one folder an
# architecture, what the images are made of. It runs on amd64; arm64 is cross-compiled with gcc-aarch64-linux-gnu.
# WORK keeps what is compiled for a next time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=${1:?programs.sh VERSION OUT} out=$(realpath -m "${2:?}") work=${3:-}

if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$out" "$work"
work=$(realpath "$work")
# An obj folder of the checkout stays as it is.
publish() { dotnet publish "$1" -c Release -p:RestoreLockedMode=true -p:Version="$version" --artifacts-path "$work/build" "${@:2}"; }
for architecture in x64 arm64; do
  name=${architecture/x64/amd64}
  for project in functions lxcfs-daemonset/agent; do
    publish "$project" -p:LinuxArchitecture="$architecture" -p:ArtifactsFolder="$work/$architecture/"
  done
  mkdir -p "$out"/{agent,package}/"$name"
  cp "$work/$architecture/agent/lxcfs-agent" "$out/agent/$name"
  cp "$work/$architecture/package/lxcfs-functions" "$out/package/$name"
  tar -C "$out/package/$name" --owner=0 --group=0 --sort=name -czf "$out/lxcfs-functions-$version-linux-$architecture.tar.gz" lxcfs-functions
done
# Its build restores a project of its own in obj, which has to lie within the repository.
dotnet publish functions/worker -c Release -p:Version="$version" -p:ArtifactsFolder="$work/worker/"
# Azure runs both on amd64.
cp "$work/x64/lxcfs-functions.zip" "$out/lxcfs-functions-$version.zip"
cp "$work/worker/lxcfs-functions-worker.zip" "$out/lxcfs-functions-worker-$version.zip"
