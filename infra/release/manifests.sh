#!/usr/bin/env bash
# Renders what kubectl apply takes: manifests.sh VERSION REGISTRY OUT. OUT gets install-service.yaml and install-url.yaml.
#
# REGISTRY/lxcfs-agent and REGISTRY/lxcfs-functions are the images. The URL of install-url.yaml is the example's: its HOST and TOKEN
# have to be replaced.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=${1:?manifests.sh VERSION REGISTRY OUT} registry=${2:?} out=${3:?}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r infra lxcfs-daemonset "$work"
cp "$work/infra/kustomize/overlays/url/webhook.env"{.example,}
# shellcheck disable=SC2034
root=$work
# shellcheck source=infra/lib/overlay.sh
source "$work/infra/lib/overlay.sh"
mkdir -p "$out"
for mode in service url; do
  mkdir "$work/infra/kustomize/$mode"
  cat >"$work/infra/kustomize/$mode/kustomization.yaml" <<END
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
sortOptions:
  order: legacy
resources:
  - ../overlays/$mode
images:
$(for name in lxcfs-agent lxcfs-functions; do image_entry "$name" "$registry/$name:$version"; done)
END
  "${KUBECTL:-kubectl}" kustomize "$work/infra/kustomize/$mode" >"$out/install-$mode.yaml"
done
