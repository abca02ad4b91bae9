#!/usr/bin/env bash
# The tests of the published programs need the packages; without them they skip and say so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/packages.sh
source tests/packages.sh

install_packages clang zlib1g-dev curl python3-yaml unzip || true
bash tests/kubectl.sh || true
# The inner build of Worker.Sdk restores with warnings (NU1603) that no setting of ours reaches; they are harmless.
dotnet publish functions/worker -c Release
if command -v clang >/dev/null || command -v gcc >/dev/null; then
  dotnet publish functions -c Release
else
  echo 'Without clang there is no ahead-of-time build: the tests of the published package skip.'
fi
