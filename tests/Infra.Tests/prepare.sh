#!/usr/bin/env bash
# kubectl, promtool, actionlint, graphviz, a kube-apiserver with its etcd, the CEL of a newer one, and the published functions. Without
# one of them the tests that need it skip and say so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/packages.sh
source tests/packages.sh

install_packages curl graphviz jq openssl shellcheck unzip || true
bash tests/kubectl.sh || true
bash tests/actionlint.sh || true
bash tests/promtool.sh || true
bash tests/apiserver/build.sh || true
bash tests/apiserver/conditions/build.sh || true
if [ ! -f artifacts/lxcfs-functions.zip ] && { command -v clang || command -v gcc; } >/dev/null; then
  dotnet publish functions -c Release
fi
