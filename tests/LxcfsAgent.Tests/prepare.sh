#!/usr/bin/env bash
# A kube-apiserver with its etcd, and a node's root file system with containerd. Without them the tests that need them skip and say so.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bash "$here/../apiserver/build.sh" || true
bash "$here/../cluster/root.sh" || true
