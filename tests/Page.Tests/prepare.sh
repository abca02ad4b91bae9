#!/usr/bin/env bash
# Debian's headless Chromium with fonts for both languages, and the published executable. Playwright comes with its own driver and
# downloads no browser. Without one of them the tests that need it skip and say so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/packages.sh
source tests/packages.sh

install_packages chromium-headless-shell fonts-dejavu-core fonts-noto-cjk clang zlib1g-dev unzip || true
if command -v clang >/dev/null || command -v gcc >/dev/null; then
  dotnet publish functions -c Release
else
  echo 'Without clang there is no ahead-of-time build: the tests of the published page skip.'
fi
