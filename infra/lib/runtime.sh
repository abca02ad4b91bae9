# shellcheck shell=bash disable=SC2034,SC2154
# Which of the two packages runs on Azure. The deployment itself remembers it, so that any machine's next up keeps to it.

check_runtime() {
  case $runtime in '' | dotnet-isolated | custom) ;; *) misuse "--runtime is dotnet-isolated or custom, not $runtime" ;; esac
}

# choose_runtime: sets runtime and package.
choose_runtime() {
  local deployed
  deployed=$(deployed_runtime)
  runtime=${runtime:-${deployed:-dotnet-isolated}}
  local publish=functions/worker file=lxcfs-functions-worker.zip
  if [ "$runtime" = custom ]; then publish=functions file=lxcfs-functions.zip; fi
  package=${package:-$root/artifacts/$file}
  [ -f "$package" ] || fail "there is no package $package: dotnet publish $publish -c Release makes it, or name one by --package"
  if [ -n "$deployed" ] && [ "$deployed" != "$runtime" ]; then
    say "the runtime changes from $deployed to $runtime: no review is answered until the new package runs (docs/operations.md)"
  fi
}

# Nothing where nothing is deployed, or where the first deployment failed and left no output. A deployment of before there was a choice
# is the custom handler.
deployed_runtime() {
  group_exists || return 0
  local stacks value app
  stacks=$(az stack group list --resource-group "$resource_group" --query '[].name' --output tsv) || fail "az does not say what is deployed in $resource_group"
  grep -qx "$stack" <<<"$stacks" || return 0
  value=$(stack_output runtime)
  if [ -z "$value" ]; then
    app=$(stack_output functionAppName)
    value=${app:+custom}
  fi
  echo "$value"
}

stack_output() {
  az stack group show --name "$stack" --resource-group "$resource_group" --query "outputs.$1.value" --output tsv ||
    fail "az does not say which runtime is deployed in $resource_group"
}
