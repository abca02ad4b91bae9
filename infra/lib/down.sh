# shellcheck shell=bash
# The way back: first no new pod gets the files, then the nodes lose LXCFS, then the rest goes.

part_of=app.kubernetes.io/part-of=lxcfs-functions

down() {
  need_cluster
  step 'Unregister'
  run kubectl delete mutatingwebhookconfigurations,validatingwebhookconfigurations lxcfs-functions --ignore-not-found
  clean_nodes
  step 'Remove the rest from the cluster'
  run kubectl delete namespaces lxcfs-system lxcfs-functions --ignore-not-found --wait=false
  run kubectl delete clusterroles,clusterrolebindings --selector "$part_of" --ignore-not-found
  if kubectl api-resources --output name | grep -q ^validatingadmissionpolicies; then
    run kubectl delete validatingadmissionpolicybindings,validatingadmissionpolicies --selector "$part_of" --ignore-not-found
  fi
  if [ "$mode" = url ]; then azure_down; fi
}

clean_nodes() {
  step 'Clean the nodes'
  local pods
  pods=$(pods_with_files)
  if [ -n "$pods" ] && [ -z "$force" ]; then
    head -n 10 <<<"$pods" | sed 's/^/   /'
    [ -n "$dry_run" ] || fail "$(wc -l <<<"$pods") pods still mount files of LXCFS and could not read them without it: make them anew (kubectl rollout restart), then run this again, or go on with --force"
  fi
  run kubectl delete daemonset lxcfs --namespace lxcfs-system --ignore-not-found
  if [ -z "$dry_run" ]; then until_true 'the agents have cleaned their nodes' agents_gone; fi
  run kubectl label nodes --selector "$prefix/ready" "$prefix/ready-"
}

agents_gone() { [ -z "$(kubectl get pods --namespace lxcfs-system --output name 2>/dev/null)" ]; }

azure_down() {
  need_tools az
  step 'Remove from Azure'
  if ! group_exists; then
    say "no resource group $resource_group"
    return
  fi
  local vault
  vault=$(az keyvault list --resource-group "$resource_group" --query '[].name' --output tsv)
  if [ -n "$(az stack group list --resource-group "$resource_group" --query "[?name=='$stack'].name" --output tsv)" ]; then
    run az stack group delete --name "$stack" --resource-group "$resource_group" --action-on-unmanage deleteAll --yes --output none
  fi
  # A deleted vault keeps its name for seven days, and a next deployment would want it.
  if [ -n "$vault" ]; then run az keyvault purge --name "$vault" --output none; fi
  if [ "$(az group show --name "$resource_group" --query 'tags."created-by"' --output tsv)" = lxcfs-functions ]; then
    run az group delete --name "$resource_group" --yes --output none
  else
    say "the resource group $resource_group was there before, and stays"
  fi
}
