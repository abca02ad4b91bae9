#!/usr/bin/env bash
# Fails where a package that is restored, or one that it brings, has a known vulnerability; it asks the package feed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet restore LxcfsFunctions.sln --locked-mode
found=$(dotnet list LxcfsFunctions.sln package --vulnerable --include-transitive --no-restore 2>&1) || { echo "$found"; exit 1; }
echo "$found"
# NU19..: the feed could not be asked.
if grep -qE 'has the following vulnerable packages|NU19' <<<"$found"; then exit 1; fi
