#!/usr/bin/env bash
# A kube-apiserver with its etcd. Without it the tests that need it skip and say so.
set -euo pipefail
bash "$(dirname "${BASH_SOURCE[0]}")/../apiserver/build.sh" || true
