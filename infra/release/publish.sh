#!/usr/bin/env bash
# Makes the release of a tag that is there: publish.sh VERSION FOLDER NOTES, of all files in FOLDER, by gh.
# A version with a suffix becomes a prerelease, and never the latest release.
set -euo pipefail
version=${1:?publish.sh VERSION FOLDER NOTES} folder=${2:?} notes=${3:?}

kind=()
if [[ $version == *-* ]]; then kind=(--prerelease --latest=false); fi
gh release create "v$version" --verify-tag --title "v$version" --notes-file "$notes" "${kind[@]}" "$folder"/*
