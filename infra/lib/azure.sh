# shellcheck shell=bash disable=SC2034,SC2154
# Azure, by az alone. One deployment stack owns whatever was made, so that down removes that and nothing else.

stack=lxcfs-functions
owner_tag=created-by=lxcfs-functions

azure_up() {
  need_tools az kubectl curl openssl
  signed_in
  choose_runtime
  make_group
  deploy_stack
  publish_package
  wait_for_answer
}

signed_in() {
  step 'Azure'
  local subscription
  subscription=$(az account show --query name --output tsv) || fail 'nobody is signed in: az login'
  say "subscription $subscription, resource group $resource_group"
}

# An answer that doesn't come is no "false".
group_exists() {
  local answer
  answer=$(az group exists --name "$resource_group") || fail "az does not say whether there is a resource group $resource_group"
  [ "$answer" = true ]
}

make_group() {
  if group_exists; then return; fi
  [ -n "$location" ] || fail "there is no resource group $resource_group: name a region for it by --location"
  run az group create --name "$resource_group" --location "$location" --tags "$owner_tag" --output none
}

deploy_stack() {
  step 'Deploy'
  local vault='' tokens
  if group_exists; then vault=$(vault_with_tokens); fi
  if [ -n "$vault" ]; then
    # A token that a cluster has registered must stay what it is.
    tokens=$(read_tokens "$vault" lxcfs-tokens)
  else
    tokens=$(new_token)
  fi
  find_operator
  LXCFS_TOKENS=$tokens LXCFS_RUNTIME=$runtime LXCFS_OPERATOR=${operator%%:*} LXCFS_OPERATOR_TYPE=$operator_type \
    LXCFS_REQUIRE_READY_NODE=$(if has_component node-affinity; then echo true; else echo false; fi) \
    LXCFS_DELIVERY=$(if has_component node-delivery; then echo "${LXCFS_DELIVERY:-auto}"; else echo hostPath; fi) \
    run az stack group create --name "$stack" --resource-group "$resource_group" --parameters "$root/infra/main.bicepparam" \
    --action-on-unmanage deleteResources --deny-settings-mode none --yes --output none
}

# Nothing where an earlier deployment stopped before it had made them. This asks Azure, not the vault, so it needs no role there.
vault_with_tokens() {
  local vault found
  vault=$(az keyvault list --resource-group "$resource_group" --query '[].name' --output tsv)
  [ -n "$vault" ] || return 0
  found=$(az rest --method get --query "value[?name=='lxcfs-tokens'].name" --output tsv --url \
    "/subscriptions/{subscriptionId}/resourceGroups/$resource_group/providers/Microsoft.KeyVault/vaults/$vault/secrets?api-version=2023-07-01")
  if [ -n "$found" ]; then echo "$vault"; fi
}

find_operator() {
  operator_type=User
  if [[ $operator == *:* ]]; then operator_type=${operator##*:}; fi
  [ -z "$operator" ] || return 0
  operator=$(az ad signed-in-user show --query id --output tsv) ||
    fail 'who may read the tokens? For a service principal: --operator OBJECT-ID:ServicePrincipal'
}

azure_output() {
  local value=''
  if [ -z "$dry_run" ] || group_exists; then
    value=$(az stack group show --name "$stack" --resource-group "$resource_group" --query "outputs.$1.value" --output tsv) || value=''
  fi
  if [ -z "$value" ]; then
    [ -n "$dry_run" ] || fail "the deployment in $resource_group has no $1: infra/deploy.sh up comes first"
    value="<$1>"
  fi
  echo "$value"
}

# registration_values: sets host, vault, secret, tokens and token, the one to register.
registration_values() {
  host=$(azure_output hostName)
  vault=$(azure_output keyVaultName)
  secret=$(azure_output tokensSecretName)
  tokens=$(read_tokens "$vault" "$secret")
  # While one token replaces another the vault holds both, the newer one last.
  token=${tokens##*,}
}

# A role that was just assigned takes some minutes to count.
read_tokens() {
  if [ -n "$dry_run" ]; then
    echo '<token>'
    return
  fi
  local value end=$((SECONDS + timeout))
  until value=$(az keyvault secret show --vault-name "$1" --name "$2" --query value --output tsv); do
    [ $SECONDS -lt $end ] || fail "the tokens in the vault $1 can't be read: is the role Key Vault Secrets Officer on it yours?"
    sleep "$poll_seconds"
  done
  echo "$value"
}

write_tokens() {
  scratch_file tokens
  printf %s "$3" >"$scratch_path"
  run az keyvault secret set --vault-name "$1" --name "$2" --file "$scratch_path" --encoding utf-8 --output none
  rm -f "$scratch_path"
}

# The app looks at the vault once a day by itself; this makes it look now, and restarts its instances one after the other.
refresh_settings() {
  local app
  app=$(azure_output functionAppName)
  run az rest --method post --output none --url \
    "/subscriptions/{subscriptionId}/resourceGroups/$resource_group/providers/Microsoft.Web/sites/$app/config/configreferences/appsettings/refresh?api-version=2022-03-01"
}

publish_package() {
  step 'Publish'
  local app
  app=$(azure_output functionAppName)
  run az functionapp deployment source config-zip --resource-group "$resource_group" --name "$app" --src "$package" --output none
}

wait_for_answer() {
  step 'Wait for the functions'
  local host vault secret tokens token
  registration_values
  [ -z "$dry_run" ] || return 0
  until_true "$host answers a review" answers "$host" "$token"
}

answers() {
  local status
  status=$(ask_webhook "$1" "$2")
  case $status in
    200) say "$1 answers" ;;
    403) say "$1 refuses this machine's address (apiServerAddresses): the API server will tell" ;;
    *) return 1 ;;
  esac
}
