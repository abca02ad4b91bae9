#!/usr/bin/env bash
# Builds what a cluster is made of and fetches etcd: bash build.sh, which prints the folder that holds all of it last.
# With --cached it builds nothing and ends with 77 where there is nothing yet.
#
# Debian 12 carries Kubernetes' whole source but packages the client alone. Everything happens in the cache, keyed
# by this script: packages are unpacked there, none is installed but what unpacks them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/packages.sh
source "$here/../packages.sh"
# shellcheck source=tests/apiserver/archive.sh
source "$here/archive.sh"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/lxcfs-functions
target=$cache/apiserver-$(cat "$here/build.sh" "$here/archive.sh" | sha256sum | cut -c1-16)
if [ -x "$target/etcd" ]; then
  echo "$target"
  exit
elif [ "${1:-}" = --cached ]; then
  exit 77
fi

if [ ! -r /etc/apt/sources.list.d/debian.sources ] || [ "$(dpkg --print-architecture)" != amd64 ]; then
  echo "the kube-apiserver is built from Debian's sources, which takes a Debian machine (amd64) with debian.sources"
  exit 77
fi
install_packages dpkg-dev patch xz-utils >&2 || exit 77

mkdir -p "$cache"
# One build at a time; whoever waited finds the other's result.
exec 9>"$cache/apiserver.lock"
flock 9
if [ -x "$target/etcd" ]; then
  echo "$target"
  exit
fi

work=$(mktemp -d "$cache/apiserver-build.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

archive_open "$work/apt" bookworm
archive_unpack "$work/root" golang-1.19-go golang-1.19-src etcd-server golang-github-modern-go-reflect2-dev >&2
source_root=$work/go/src/k8s.io/kubernetes
mkdir -p "$(dirname "$source_root")"
archive_source kubernetes "$source_root" >&2

# The vendored 1.0.1 crashes under Go 1.18 and later at the first admission review.
rm -rf "$source_root/vendor/github.com/modern-go/reflect2"
cp -r "$work/root/usr/share/gocode/src/github.com/modern-go/reflect2" "$source_root/vendor/github.com/modern-go/"

export GOROOT=$work/root/usr/lib/go-1.19 GOPATH=$work/go GOCACHE=$work/gocache GO111MODULE=off CGO_ENABLED=0 GOFLAGS=
# Debian links these to where the package would be installed.
for folder in src test api misc pkg/include; do
  [ -e "$GOROOT/$folder" ] || ln -sfn "$work/root/usr/share/go-1.19/$folder" "$GOROOT/$folder"
done
go=$GOROOT/bin/go
cd "$source_root"

# Upstream's build generates the OpenAPI definitions; the source package has none.
mapfile -t packages < <(grep -rlF --include='*.go' '+k8s:openapi-gen=' pkg staging/src/k8s.io |
  grep -v -e /testdata/ -e /zz_generated -e /sample- -e /code-generator/ | xargs -n1 dirname | sort -u |
  sed -e 's#^staging/src/##' -e 's#^pkg/#k8s.io/kubernetes/pkg/#')
"$go" run ./vendor/k8s.io/kube-openapi/cmd/openapi-gen --v 0 --logtostderr -O zz_generated.openapi \
  -h hack/boilerplate/boilerplate.generatego.txt -r "$work/violations" -p k8s.io/kubernetes/pkg/generated/openapi \
  -i "$(IFS=,; echo "${packages[*]}")" >&2

flags='-s -w'
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  flags+=" -X k8s.io/kubernetes/vendor/$package.gitVersion=v1.20.2 -X k8s.io/kubernetes/vendor/$package.gitTreeState=clean"
  flags+=" -X k8s.io/kubernetes/vendor/$package.gitMajor=1 -X k8s.io/kubernetes/vendor/$package.gitMinor=20"
done
mkdir "$work/out"
"$go" build -tags 'providerless dockerless' -trimpath -o "$work/out/" -ldflags "$flags" \
  ./cmd/kube-apiserver ./cmd/kube-controller-manager ./cmd/kube-scheduler ./cmd/kubelet >&2
cp "$work/root/usr/bin/etcd" "$work/out/"

rm -rf "$target"
mv "$work/out" "$target"
echo "$target"
