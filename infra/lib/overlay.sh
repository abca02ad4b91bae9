# shellcheck shell=bash disable=SC2034,SC2154
# The overlay that kustomize applies, in infra/kustomize/local: written from the choices, read where the cluster has none.

overlay=$root/infra/kustomize/local/kustomization.yaml
known_lines='^(# Written by infra/deploy\.sh.*|apiVersion: kustomize\.config\.k8s\.io/v1beta1|kind: Kustomization|(sortOptions|resources|components|images|labels|configMapGenerator):|  order: legacy|  - \.\./overlays/(url|service)|  - [./a-z-]*/components/[a-z/-]+|  - name: .*|    new(Name|Tag): .*|    digest: .*|  - pairs:|      app\.kubernetes\.io/part-of: lxcfs-functions|    namespace: lxcfs-system|    (literals|options):|      - (mode|components|images)=.*|      disableNameSuffixHash: true)$'

# values_of_overlay: KEY=VALUE of each, from this checkout's own overlay, which older versions wrote without the ConfigMap.
values_of_overlay() {
  [ -f "$overlay" ] || return 0
  if grep -q '^      - mode=' "$overlay"; then
    sed -n 's/^      - \(mode\|components\|images\)=/\1=/p' "$overlay"
    return
  fi
  sed -n 's#^  - \.\./overlays/#mode=#p' "$overlay"
  printf 'components=%s\n' "$(sed -n 's#^  - .*/components/##p' "$overlay" | paste -sd ' ')"
  printf 'images=%s\n' "$(awk '
    $1 == "-" && $2 == "name:" { if (name) print name "=" image; name = $3; image = "" }
    $1 == "newName:" { image = $2 } $1 == "newTag:" { gsub("\"", "", $2); image = image ":" $2 } $1 == "digest:" { image = image "@" $2 }
    END { if (name) print name "=" image }' "$overlay" | paste -sd ' ')"
}

# Whether the user has made the overlay his own.
is_edited() { [ -f "$overlay" ] && grep -qvE "$known_lines" "$overlay"; }

# keep_installation: writes what was chosen where the next call and kustomize find it.
keep_installation() {
  local text
  text=$(overlay_text)
  if [ -f "$overlay" ] && [ "$text" = "$(<"$overlay")" ]; then return; fi
  if is_edited; then
    [ "$(describe "$had_mode" "${had_components[*]}" "${had_images[*]}")" = "$(describe "$mode" "${components[*]}" "${images[*]}")" ] ||
      misuse "$overlay has lines of your own ($(grep -m 1 -vE "$known_lines" "$overlay")): change it by hand, and run this without --mode, --component, --without, --only and --image"
    say "$overlay is your own, and is applied as it is"
  elif [ -n "$dry_run" ]; then
    say "would write $overlay: $(describe "$mode" "${components[*]}" "${images[*]}")"
  else
    mkdir -p "$(dirname "$overlay")"
    printf '%s\n' "$text" >"$overlay"
  fi
}

describe() { printf 'mode %s, components %s, images %s' "$1" "${2:-none}" "${3:-as they are}"; }

overlay_text() {
  cat <<END
# Written by infra/deploy.sh from its options. With a line of your own it is yours: deploy.sh then applies it as it is.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
sortOptions:
  order: legacy
resources:
  - ../overlays/$mode
END
  local item
  if [ ${#components[@]} -gt 0 ]; then echo 'components:'; fi
  for item in "${components[@]}"; do printf '  - %s\n' "$(component_path "$item")"; done
  if [ ${#images[@]} -gt 0 ]; then echo 'images:'; fi
  for item in "${images[@]}"; do image_entry "${item%%=*}" "${item#*=}"; done
  cat <<END
labels:
  - pairs:
      app.kubernetes.io/part-of: lxcfs-functions
configMapGenerator:
  - name: $record
    namespace: lxcfs-system
    literals:
      - mode=$mode
      - components=${components[*]}
      - images=${images[*]}
    options:
      disableNameSuffixHash: true
END
}

# Where the functions run elsewhere, only the nodes have metrics in the cluster. What two components have in common comes once.
component_path() {
  if [ "$mode/$1" = url/pod-monitor ]; then
    echo ../../../lxcfs-daemonset/components/pod-monitor
  elif [ "$1" = node-delivery ] && has_component node-affinity; then
    echo ../components/node-delivery/beside-node-affinity
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
