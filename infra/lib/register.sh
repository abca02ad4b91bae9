# shellcheck shell=bash disable=SC2034,SC2154
# The nodes' part and the webhooks, by the overlay that installation.sh keeps in infra/kustomize/local.

# prepare_registration: everything that can be refused is refused here, before anything is changed.
prepare_registration() {
  # Which tools are missing is told later, all at once.
  if type -P kubectl >/dev/null; then need_cluster; fi
  load_installation
  choose_installation
  local component
  for component in node-affinity node-delivery; do
    if [ "$mode" = url ] && [ "$command" = register ] && [ -z "$is_new" ] &&
      [ "$(has_component "$component" && echo yes)" != "$(contains "$component" "${had_components[@]}" && echo yes)" ]; then
      misuse "$component is a setting of the Functions app too: infra/deploy.sh up"
    fi
  done
  confirm_losses
  tell_unpublished
  if type -P kubectl >/dev/null; then check_needs; fi
}

# tell_unpublished: before a rollout waits in vain. A node that has the image already, or a registry's mirror, takes the name as it is.
tell_unpublished() {
  local name
  if is_edited; then return; fi
  for name in lxcfs-agent $([ "$mode" = url ] || echo lxcfs-functions); do
    [[ " ${images[*]}" == *" $name="* ]] ||
      say "no image is named for $name, and none is published by that name alone: nodes that don't have it can't pull it. --image $name=REGISTRY/$name:VERSION names one (docs/installing.md#without-azure)"
  done
}

register() {
  need_cluster
  step "Register ($mode)"
  if [ "$mode" = url ]; then
    need_tools az
    local host vault secret tokens token
    registration_values
    # In the middle of a rotation the newer token must be known to every instance before an API server uses it.
    if [[ $tokens == *,* ]]; then accept_everywhere "$host" "$token"; fi
    registration_env "$host" "$token"
  fi
  keep_installation
  if [ -z "$dry_run" ]; then until_true 'the namespaces of the last installation are gone' namespaces_settled; fi
  apply_overlay
  if [ -z "$dry_run" ]; then remove_rest; fi
  wait_for_nodes
}

# kubectl apply --kustomize warns of sortOptions, which other ways to render the overlays need.
apply_overlay() {
  local rendered=''
  if [ -z "$dry_run" ]; then rendered=$(kubectl kustomize "$(dirname "$overlay")") || fail "the overlay in $(dirname "$overlay") can't be rendered"; fi
  run kubectl apply --filename - <<<"$rendered"
}

wait_for_nodes() {
  step 'Wait for the nodes'
  (run kubectl rollout status daemonset/lxcfs --namespace lxcfs-system --timeout "${timeout}s") || told_by_events lxcfs-system
  if [ "$mode" = service ]; then
    (run kubectl rollout status deployment/lxcfs-functions --namespace lxcfs-functions --timeout "${timeout}s") || told_by_events lxcfs-functions
  fi
  settle_label node-affinity ready "its agent's log says why not"
  settle_label node-delivery delivers "does its runtime have NRI? docs/operations.md#delivery-by-the-node"
}

# settle_label COMPONENT LABEL HINT: from now on the pods that ask for the label are scheduled nowhere else.
settle_label() {
  if has_component "$1"; then
    if [ -z "$dry_run" ]; then until_true "a node carries the label $prefix/$2 ($3)" a_node_carries "$2"; fi
  elif contains "$1" "${had_components[@]}"; then
    run kubectl label nodes --selector "$prefix/$2" "$prefix/$2-"
  fi
}

a_node_carries() { [ -n "$(kubectl get nodes --selector "$prefix/$1=true" --output name)" ]; }

# Nothing can be made in a namespace that is still going.
namespaces_settled() {
  local going
  going=$(kubectl get namespaces --output jsonpath='{range .items[?(@.metadata.deletionTimestamp)]}{.metadata.name}{"\n"}{end}') || return
  ! grep -qxE 'lxcfs-system|lxcfs-functions' <<<"$going"
}

registration_env() {
  [ -z "$dry_run" ] || return 0
  local file=$root/infra/kustomize/overlays/url/webhook.env
  (umask 077 && printf 'HOST=%s\nTOKEN=%s\n' "$1" "$2" >"$file.new" && mv "$file.new" "$file")
}

# remove_rest: what an earlier call made and the overlay has no more, be it of a component or of another mode.
remove_rest() {
  local kinds wanted found kind namespace name
  kinds=$(kubectl api-resources --output name 2>/dev/null | grep -xFf "$root/infra/lib/kinds.txt" | paste -sd ,) || true
  wanted=$(kubectl kustomize "$(dirname "$overlay")" | awk '
    /^[a-z]/ { section = $1 } /^kind: / { kind = $2 }
    section == "metadata:" && /^  name: / { name = $2 } section == "metadata:" && /^  namespace: / { namespace = $2 }
    function told() { if (kind) print kind, (namespace ? namespace : "-"), name; kind = name = namespace = "" }
    /^---/ { told() } END { told() }')
  [ -n "$wanted" ] || fail "the overlay in $(dirname "$overlay") renders nothing"
  found=$(kubectl get "$kinds" --all-namespaces --selector "$part_of" --output \
    go-template='{{range .items}}{{.kind}} {{or .metadata.namespace "-"}} {{.metadata.name}}{{"\n"}}{{end}}') ||
    fail "what earlier calls made can't be listed"
  while read -r kind namespace name; do
    if ! grep -qxF "$kind $namespace $name" <<<"$wanted"; then
      if [ "$namespace" = - ]; then namespace=''; fi
      run kubectl delete "$kind" "$name" ${namespace:+--namespace "$namespace"} --ignore-not-found --wait=false
    fi
  done <<<"$found"
}
