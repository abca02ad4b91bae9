#!/usr/bin/env bash
# kubectl, a kube-apiserver with its etcd, the published functions, and what nodes are made of. Without one of them the
# tests that need it skip and say so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

bash tests/kubectl.sh || true
# Only without KUBECONFIG is an API server of the suite's own needed for all of it.
bash tests/apiserver/build.sh || true
# Publishes the functions too.
code=0
bash tests/LxcfsNode.Tests/prepare/node.sh || code=$?
if [ "$code" -ne 0 ] && [ "$code" -ne 77 ]; then exit "$code"; fi
if [ "$code" -eq 77 ] && { command -v clang || command -v gcc; } >/dev/null; then
  dotnet publish functions -c Release
fi
