# shellcheck shell=bash disable=SC2034,SC2154
# The nodes' part and the webhooks, by the user's own overlay in infra/kustomize/local.

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
  apply_registration
  step 'Wait for the nodes'
  run kubectl rollout status daemonset/lxcfs --namespace lxcfs-system --timeout "${timeout}s"
  if [ "$mode" = service ]; then
    run kubectl rollout status deployment/lxcfs-functions --namespace lxcfs-functions --timeout "${timeout}s"
  fi
}

registration_env() {
  [ -z "$dry_run" ] || return 0
  local file=$root/infra/kustomize/overlays/url/webhook.env
  (umask 077 && printf 'HOST=%s\nTOKEN=%s\n' "$1" "$2" >"$file.new" && mv "$file.new" "$file")
}

# The mode that this checkout registered last.
registered_mode() {
  if grep -qsx '  - ../overlays/service' "$root/infra/kustomize/local/kustomization.yaml"; then echo service; else echo url; fi
}

# has_component NAME: chosen now, or kept from the last time.
has_component() {
  if [ ${#components[@]} -gt 0 ]; then
    [[ " ${components[*]} " == *" $1 "* ]]
  else
    grep -qsx "  - ../components/$1" "$root/infra/kustomize/local/kustomization.yaml"
  fi
}

apply_registration() {
  local folder=$root/infra/kustomize/local
  if [ ! -f "$folder/kustomization.yaml" ] || [ "$mode" != "$(registered_mode)" ] || [ $((${#components[@]} + ${#images[@]})) -gt 0 ]; then
    if [ -n "$dry_run" ]; then
      say "would write $folder/kustomization.yaml: overlay $mode, components ${components[*]:-none}, images ${images[*]:-as they are}"
    else
      write_overlay "$folder"
    fi
  fi
  run kubectl apply --kustomize "$folder"
}

write_overlay() {
  mkdir -p "$1"
  {
    printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsortOptions:\n  order: legacy\nresources:\n'
    printf '  - ../overlays/%s\n' "$mode"
    if [ "${components[*]:-none}" != none ]; then
      echo 'components:'
      local component
      for component in "${components[@]}"; do printf '  - %s\n' "$(component_path "$component")"; done
    fi
    if [ ${#images[@]} -gt 0 ]; then
      echo 'images:'
      local image
      for image in "${images[@]}"; do image_entry "${image%%=*}" "${image#*=}"; done
    fi
  } >"$1/kustomization.yaml"
}

# Where the functions run elsewhere, only the nodes have metrics in the cluster.
component_path() {
  if [ "$mode/$1" = url/pod-monitor ]; then
    echo ../../../lxcfs-daemonset/components/pod-monitor
  else
    echo "../components/$1"
  fi
}

# image_entry NAME REFERENCE: REFERENCE is REPOSITORY, REPOSITORY:TAG or REPOSITORY@DIGEST.
image_entry() {
  printf '  - name: %s\n' "$1"
  case $2 in
    *@*) printf '    newName: %s\n    digest: %s\n' "${2%%@*}" "${2#*@}" ;;
    */*:* | [!/]*:*[!/]) printf '    newName: %s\n    newTag: "%s"\n' "${2%:*}" "${2##*:}" ;;
    *) printf '    newName: %s\n' "$2" ;;
  esac
}
