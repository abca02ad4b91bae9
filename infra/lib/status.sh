# shellcheck shell=bash disable=SC2034,SC2154
# What is there. It changes nothing.

status() {
  need_cluster
  recall_mode
  say "$(describe "$mode" "${had_components[*]}" "${had_images[*]}")"
  step 'Webhooks'
  webhook_line mutatingwebhookconfiguration
  webhook_line validatingwebhookconfiguration
  step 'Nodes'
  kubectl get daemonset lxcfs --namespace lxcfs-system --ignore-not-found --output \
    jsonpath='   {.status.numberReady} of {.status.desiredNumberScheduled} nodes ready{"\n"}' | grep . || say 'no DaemonSet lxcfs in lxcfs-system'
  step 'Namespaces opted in'
  kubectl get namespaces --selector "$namespace_label=enabled" --output jsonpath='{range .items[*]}   {.metadata.name}{"\n"}{end}' | grep . || say 'none: infra/deploy.sh label NAMESPACE'
  say "$(pods_with_files | wc -l) pods mount files of LXCFS, and $(pods_of_nodes | wc -l) get them from their node"
  [ "$mode" = url ] || return 0
  step 'Azure'
  if ! command -v az >/dev/null || ! group_exists; then
    say "no resource group $resource_group"
    return
  fi
  local host vault secret tokens token answer
  registration_values
  answer=$(ask_webhook "$host" "$token")
  say "https://$host answers $answer to a review"
}

# The token in a URL is a secret.
webhook_line() {
  kubectl get "$1" lxcfs-functions --ignore-not-found --output \
    jsonpath='{range .webhooks[*]}   {.name}: {.clientConfig.url}{.clientConfig.service.namespace}/{.clientConfig.service.name}, failurePolicy {.failurePolicy}{"\n"}{end}' |
    sed -E 's#(/hooks/)[^/]+#\1***#; s#(mutate|validate)/,#\1,#; s#: (lxcfs-functions/)#: service \1#' | grep . || say "no $1"
}
