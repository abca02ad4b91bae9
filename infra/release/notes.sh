#!/usr/bin/env bash
# Prints what the changelog says of a version: notes.sh VERSION
#
# In the workflow its links lead to the files as they are at the tag: a release's page has no folder that they could start from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=${1:?notes.sh VERSION}
from=${GITHUB_REPOSITORY:+${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY/blob/v$version/}
awk -v heading="## [$version] - " 'index($0, "## [") == 1 { inside = index($0, heading) == 1; next } inside' CHANGELOG.md |
  sed -E "s|\]\(([^):#][^):]*)\)|](${from//&/\\&}\1)|g"
