#!/usr/bin/env bash
# Prints the alerts as a rules file of Prometheus, for a Prometheus without the operator:
#
#   infra/alert-rules.sh [RUNBOOKS] > /etc/prometheus/rules.d/lxcfs.yml
#
# RUNBOOKS is put before each runbook_url: where this repository is read, such as https://git.example.com/lxcfs/blob/main/
set -euo pipefail
component=$(dirname "${BASH_SOURCE[0]}")/kustomize/components/alerts

echo 'groups:'
for file in "$component"/admission.yaml "$component"/nodes.yaml; do
  # What follows spec.groups is what Prometheus reads, the operator's kind around it aside.
  sed "1,/^  groups:\$/d; s#runbook_url: #&${1-}#" "$file"
done
