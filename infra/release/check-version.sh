#!/usr/bin/env bash
# Whether a release can have this version: check-version.sh VERSION. The changelog tells what is in it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=${1:?check-version.sh VERSION}

if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]]; then
  echo "not a version, MAJOR.MINOR.PATCH: $version" >&2
  exit 1
elif ! grep -qF "## [$version] - " CHANGELOG.md; then
  echo "CHANGELOG.md has no heading ## [$version] - DATE" >&2
  exit 1
fi
