# shellcheck shell=bash disable=SC2034,SC2154
# The way back: first no new pod gets the files, then the nodes lose LXCFS, then the rest goes.

part_of=app.kubernetes.io/part-of=lxcfs-functions

down() {
  local served
  need_cluster
  recall_mode
  step 'Unregister'
  run kubectl delete mutatingwebhookconfigurations,validatingwebhookconfigurations lxcfs-functions --ignore-not-found
  clean_nodes
  step 'Remove the rest from the cluster'
  run kubectl delete namespaces lxcfs-system lxcfs-functions --ignore-not-found --wait=false
  run kubectl delete clusterroles,clusterrolebindings --selector "$part_of" --ignore-not-found
  # It fails where one aggregated API is away, and has told the others then.
  served=$(kubectl api-resources --output name 2>/dev/null) || true
  if grep -q ^validatingadmissionpolicies <<<"$served"; then
    run kubectl delete validatingadmissionpolicybindings,validatingadmissionpolicies --selector "$part_of" --ignore-not-found
  fi
  if [ "$mode" = url ]; then azure_down; fi
  [ -n "$dry_run" ] || rm -f "$root/infra/kustomize/overlays/url/webhook.env"
}

clean_nodes() {
  step 'Clean the nodes'
  local pods
  if [ -z "$dry_run$force" ]; then until_true 'the pods of the last check are gone' check_pods_gone; fi
  pods=$(pods_with_files)
  if [ -n "$pods" ] && [ -z "$force" ]; then
    head -n 10 <<<"$pods" | sed 's/^/   /'
    [ -n "$dry_run" ] || fail "$(wc -l <<<"$pods") pods still mount files of LXCFS. They would run on with the node's own, but none of their containers could be started again: make them anew first (kubectl rollout restart), or go on with --force"
  fi
  clean_each_node
  run kubectl delete daemonset lxcfs --namespace lxcfs-system --ignore-not-found
  if [ -z "$dry_run" ]; then until_true 'the agents have cleaned their nodes' agents_gone; fi
  local label
  for label in ready delivers; do run kubectl label nodes --selector "$prefix/$label" "$prefix/$label-"; done
}

# Each agent takes LXCFS out of every running container and off its node, and then idles until it is deleted.
clean_each_node() {
  local agents pod node phase missed=()
  agents=$(kubectl get pods --namespace lxcfs-system --selector app.kubernetes.io/name=lxcfs-agent --output \
    jsonpath='{range .items[*]}{.metadata.name}{" "}{.spec.nodeName}{" "}{.status.phase}{"\n"}{end}')
  while read -r pod node phase; do
    if [ -z "$pod" ]; then
      continue
    elif [ -n "$dry_run" ]; then
      say "would run lxcfs-agent cleanup in $pod on $node"
    elif [ "$phase" = Running ] && kubectl exec --namespace lxcfs-system "$pod" -- /usr/bin/lxcfs-agent cleanup </dev/null; then
      say "$node is clean"
    else
      missed+=("$node")
    fi
  done <<<"$agents"
  [ ${#missed[@]} -gt 0 ] || return 0
  say "not cleaned: ${missed[*]}"
  [ -n "$force" ] || fail "${#missed[@]} nodes were not cleaned: wait until their agents run, or go on with --force, after which they need a restart"
}

# A check takes its namespace away without waiting, one that failed too. No user names a namespace like that.
check_pods_gone() {
  local pods
  pods=$(pods_with_files) || return
  ! grep -qE '^lxcfs-check-[0-9]+/' <<<"$pods"
}

agents_gone() { [ -z "$(kubectl get pods --namespace lxcfs-system --output name 2>/dev/null)" ]; }

azure_down() {
  need_tools az
  step 'Remove from Azure'
  if ! group_exists; then
    say "no resource group $resource_group"
    return
  fi
  local stacks vaults vault tag
  stacks=$(az stack group list --resource-group "$resource_group" --query "[?name=='$stack'].name" --output tsv)
  if [ -n "$stacks" ]; then
    run az stack group delete --name "$stack" --resource-group "$resource_group" --action-on-unmanage deleteAll --yes --output none
  fi
  # A deleted vault keeps its name for seven days, and a next deployment would want it.
  vaults=$(az keyvault list-deleted --resource-type vault --output tsv \
    --query "[?starts_with(name, 'kv-') && contains(properties.vaultId, '/resourceGroups/$resource_group/')].name")
  for vault in $vaults; do run az keyvault purge --name "$vault" --output none; done
  tag=$(az group show --name "$resource_group" --query 'tags."created-by"' --output tsv)
  if [ "$tag" = lxcfs-functions ]; then
    run az group delete --name "$resource_group" --yes --output none
  else
    say "the resource group $resource_group was there before, and stays"
  fi
}
