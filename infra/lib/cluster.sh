# shellcheck shell=bash disable=SC2034,SC2154
# The cluster, by kubectl alone.

namespace_label=lxcfs-admission-webhook
prefix=lxcfs-admission-webhook.raids-lab.github.io
system_namespaces=' kube-system kube-public kube-node-lease lxcfs-system lxcfs-functions '

kubectl() { command kubectl ${context:+--context "$context"} "$@"; }

need_cluster() {
  need_tools kubectl
  kubectl get --raw /readyz >/dev/null || fail "no cluster answers${context:+ in the context $context}: kubectl config get-contexts"
}

is_registered() { [ -n "$(kubectl get mutatingwebhookconfiguration lxcfs-functions --ignore-not-found --output name)" ]; }

# Whether namespaces that enforce a level are served too.
node_delivers() {
  kubectl get mutatingwebhookconfiguration lxcfs-functions --ignore-not-found --output 'jsonpath={.webhooks[*].name}' | grep -F "mutate-node.$prefix" >/dev/null
}

# told_by_events NAMESPACE: the last step failed because its pods don't run; their last warnings say why.
told_by_events() {
  local reason='{.lastTimestamp}{" "}{.involvedObject.name}: {.reason}: {.message}{"\n"}'
  kubectl get events --namespace "$1" --field-selector involvedObject.kind=Pod,type=Warning --output "jsonpath={range .items[*]}$reason{end}" |
    sort | cut -d ' ' -f 2- | LC_ALL=C tr -cd '[:print:]\n' | cut -c 1-300 | awk '!told[$0]++' | tail -n 3 | sed 's/^/   /' >&2 || true
  exit 1
}

label() {
  need_cluster
  local namespace=$1 level
  [[ $system_namespaces != *" $namespace "* ]] || fail "$namespace is the cluster's or the product's own: its pods are never touched"
  level=$(kubectl get namespace "$namespace" --output 'jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}') ||
    fail "there is no namespace $namespace: kubectl create namespace $namespace"
  if [ -n "$remove" ]; then
    run kubectl label namespace "$namespace" "$namespace_label-"
    say "new pods of $namespace are left alone; those that run keep their mounts"
    return
  fi
  case $level in
    baseline | restricted) node_delivers || fail "$namespace enforces the Pod Security level $level, which forbids hostPath volumes: infra/deploy.sh up --component node-delivery lets the nodes bring the files" ;;
  esac
  run kubectl label --overwrite namespace "$namespace" "$namespace_label=enabled"
  local pods
  pods=$(kubectl get pods --namespace "$namespace" --field-selector status.phase=Running --output name | wc -l)
  [ "$pods" -eq 0 ] || say "$pods pods of $namespace run already; they get the files when they are made anew: kubectl rollout restart"
  is_registered || say 'nothing is registered in this cluster yet: its pods get the files after infra/deploy.sh up'
}

# pods_of_nodes: NAMESPACE/NAME of each pod that lives and whose node brings it the files; its spec has none.
pods_of_nodes() {
  # shellcheck disable=SC2016
  kubectl get pods --all-namespaces --output go-template='{{range .items}}{{if .metadata.annotations}}{{.status.phase}} {{.metadata.namespace}}/{{.metadata.name}} {{or (index .metadata.annotations "'"$prefix"'/deliver") "-"}}{{"\n"}}{{end}}{{end}}' |
    awk '$1 !~ /^(Succeeded|Failed)$/ && $3 == "node" { print $2 }'
}

# pods_with_files: NAMESPACE/NAME of each pod that mounts a file of LXCFS, whoever injected it, the nodes' own apart. One that
# has ended (a Job's, say) mounts nothing any more.
pods_with_files() {
  # shellcheck disable=SC2016
  kubectl get pods --all-namespaces --output go-template='{{range .items}}{{$pod := .}}{{range .spec.volumes}}{{if .hostPath}}{{$pod.status.phase}} {{$pod.metadata.namespace}}/{{$pod.metadata.name}} {{.hostPath.path}}{{"\n"}}{{end}}{{end}}{{end}}' |
    awk '$1 !~ /^(Succeeded|Failed)$/ && $3 ~ "^/var/lib/(lxc/)?lxcfs/" && $2 !~ "^lxcfs-system/" { print $2 }' | sort -u
}
