#!/usr/bin/env bash
# Builds what evaluates admission policies and match conditions as a kube-apiserver of today does: bash build.sh, which
# prints the program's path last. With --cached it builds nothing and ends with 77 where there is nothing yet.
#
# Debian 12 has the whole of an old API server alone; Debian's development suite has the library that holds a new one's CEL.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/packages.sh
source "$here/../../packages.sh"
# shellcheck source=tests/apiserver/archive.sh
source "$here/../archive.sh"

# What main.go is made of, and no more: all that these depend on would be six times as much.
packages=(golang-1.27-go golang-1.27-src)
for name in cel-cel-go cel-expr github-antlr4-go-antlr github-beorn7-perks github-blang-semver github-cespare-xxhash-v2 \
  github-fxamacker-cbor github-go-logr-logr github-go-openapi-jsonpointer github-go-openapi-jsonreference \
  github-go-openapi-swag github-google-gnostic-models github-json-iterator-go github-modern-go-concurrent \
  github-modern-go-reflect2 github-munnerz-goautoneg github-prometheus-client-golang github-prometheus-client-model \
  github-prometheus-common github-prometheus-procfs github-spf13-cobra github-spf13-pflag github-x448-float16 \
  golang-x-exp golang-x-net golang-x-sync golang-x-sys golang-x-text google-genproto google-protobuf gopkg-inf.v0 \
  gopkg-yaml.v2 gopkg-yaml.v3 k8s-api k8s-apimachinery k8s-apiserver k8s-component-base k8s-klog k8s-kube-openapi \
  k8s-sigs-json k8s-sigs-randfill k8s-sigs-structured-merge-diff-v6 k8s-sigs-yaml k8s-utils opentelemetry-otel; do
  packages+=("golang-$name-dev")
done

cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions
target=$cache/conditions-$(cat "$here/main.go" "$here/build.sh" "$here/../archive.sh" | sha256sum | cut -c1-16)
if [ -x "$target" ]; then
  echo "$target"
  exit
elif [ "${1:-}" = --cached ]; then
  exit 77
fi

if [ ! -r /etc/apt/sources.list.d/debian.sources ] || [ "$(dpkg --print-architecture)" != amd64 ]; then
  echo "an API server's CEL is built from Debian's packages, which takes a Debian machine (amd64) with debian.sources"
  exit 77
fi
install_packages xz-utils >&2 || exit 77

mkdir -p "$cache"
exec 9>"$cache/conditions.lock"
flock 9
if [ -x "$target" ]; then
  echo "$target"
  exit
fi

work=$(mktemp -d "$cache/conditions-build.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
archive_open "$work/apt" sid
# That suite changes every day; what it no longer has in this form is left out, not an error of this project.
archive_unpack "$work/root" "${packages[@]}" >&2 || {
  echo "Debian's development suite no longer has one of the packages of tests/apiserver/conditions/build.sh"
  exit 77
}

export GOROOT=$work/root/usr/lib/go-1.27 GOPATH=$work/go:$work/root/usr/share/gocode GOCACHE=$work/gocache
export GO111MODULE=off CGO_ENABLED=0 GOFLAGS=
# Debian links these to where the package would be installed.
for folder in src test api misc pkg/include lib; do
  [ -e "$GOROOT/$folder" ] || ln -sfn "$work/root/usr/share/go-1.27/$folder" "$GOROOT/$folder"
done
mkdir -p "$work/go/src/conditions"
cp "$here/main.go" "$work/go/src/conditions/"
"$GOROOT/bin/go" build -trimpath -o "$work/conditions" -ldflags '-s -w' conditions >&2 || {
  echo "Debian's development suite no longer builds tests/apiserver/conditions/main.go"
  exit 77
}
mv "$work/conditions" "$target"
echo "$target"
