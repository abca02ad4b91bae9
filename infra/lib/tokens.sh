# shellcheck shell=bash disable=SC2034,SC2154
# The secret in the webhooks' path. It is never on a command line, where other users of the machine could read it.

# Seconds until every API server has seen a changed registration.
settle_seconds=${LXCFS_SETTLE_SECONDS:-30}

new_token() { openssl rand -hex 32; }

# ask_webhook HOST TOKEN: the status of the answer to a sample review; 000 where there is none.
ask_webhook() {
  curl --silent --output /dev/null --write-out '%{http_code}' --max-time 10 --config - <<END || true
url = "https://$1/hooks/$2/mutate"
header = "Content-Type: application/json"
data = "@$root/functions/samples/review.json"
END
}

rotate_token() {
  [ "$mode" = url ] || fail 'mode service has no token: the functions are reached inside the cluster alone'
  need_tools az kubectl curl openssl
  step 'Rotate the token'
  local host vault secret tokens token new
  registration_values
  if [[ $tokens == *,* ]]; then
    new=$token
    say 'a rotation is under way: going on with its new token'
  else
    new=$(new_token)
    write_tokens "$vault" "$secret" "$token,$new"
  fi
  refresh_settings
  accept_everywhere "$host" "$new"
  register_token "$host" "$new"
  if [ -n "$keep_old" ]; then
    say 'both tokens are accepted; once every cluster has the new one: infra/deploy.sh rotate-token, without --keep-old'
    return
  fi
  say "waiting $settle_seconds s until every API server has seen it"
  [ -n "$dry_run" ] || sleep "$settle_seconds"
  write_tokens "$vault" "$secret" "$new"
  refresh_settings
  say 'only the new token is accepted'
}

# Nothing of the registration changes but its URLs, whatever components it was made with.
register_token() {
  local kind function entry entries patch
  for kind in mutating validating; do
    function=${kind/ating/ate}
    entries=$(kubectl get "${kind}webhookconfiguration" lxcfs-functions --output jsonpath='{range .webhooks[*]}{.name}{"\n"}{end}') ||
      [ -n "$dry_run" ] || fail "there is no ${kind}webhookconfiguration lxcfs-functions: infra/deploy.sh register"
    patch=''
    for ((entry = 0; entry < $(wc -l <<<"$entries"); entry++)); do
      patch+="${patch:+, }{\"op\": \"replace\", \"path\": \"/webhooks/$entry/clientConfig/url\", \"value\": \"https://$1/hooks/$2/$function\"}"
    done
    run kubectl patch "${kind}webhookconfiguration" lxcfs-functions --type json --patch-file /dev/stdin <<<"[$patch]"
  done
  registration_env "$1" "$2"
}

# An instance that still has the old settings answers 404: twenty good answers in a row are taken for all of them.
accept_everywhere() {
  [ -z "$dry_run" ] || return 0
  local host=$1 token=$2 good=0 end=$((SECONDS + timeout)) status
  say 'waiting until every instance accepts the new token'
  while [ $good -lt 20 ]; do
    status=$(ask_webhook "$host" "$token")
    case $status in
      200)
        good=$((good + 1))
        continue
        ;;
      403) fail "$host refuses this machine's address, so nobody can see here whether the new token is accepted: run this from an address in apiServerAddresses. Both tokens are in the vault" ;;
      *) good=0 ;;
    esac
    [ $SECONDS -lt $end ] || fail "$host does not accept the new token after $timeout s (last answer: $status). The old one stays registered and accepted"
    sleep "$poll_seconds"
  done
}
