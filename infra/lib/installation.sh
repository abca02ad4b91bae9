# shellcheck shell=bash disable=SC2034,SC2154
# What is installed: mode, components and images. The cluster remembers it in a ConfigMap; for a cluster that has none this
# checkout does, in infra/kustomize/local. Options change it; what a call would switch off is asked about first.

record=lxcfs-installation
# Of Kubernetes 1: the manifests name what older API servers don't know.
oldest_minor=25

# load_installation: sets had_mode, had_components and had_images; empty for what nobody has chosen yet.
load_installation() {
  had_mode='' had_components=() had_images=() is_new=yes
  local values=''
  if type -P kubectl >/dev/null && ! is_edited; then
    # shellcheck disable=SC2016
    values=$(kubectl get configmap "$record" --namespace lxcfs-system --ignore-not-found --output \
      go-template='{{range $key, $value := .data}}{{$key}}={{$value}}{{"\n"}}{{end}}') ||
      fail "the cluster${context:+ of the context $context} does not say what is installed (ConfigMap $record in lxcfs-system)"
  fi
  [ -n "$values" ] || values=$(values_of_overlay)
  local key value
  while IFS='=' read -r key value; do
    is_new=''
    case $key in
      mode) had_mode=$value ;;
      components) read -ra had_components <<<"$value" ;;
      images) read -ra had_images <<<"$value" ;;
    esac
  done < <(printf %s "${values:+$values$'\n'}")
}

# For what only has to know who answers.
recall_mode() {
  load_installation
  mode=${mode:-${had_mode:-url}}
}

# choose_installation: sets mode, components and images as they are to be, and lost, a line for each thing that goes.
choose_installation() {
  local asked=("${components[@]}") image name
  lost=()
  mode=${mode:-${had_mode:-url}}
  if [ -n "$is_new" ] && is_installed; then
    lost+=("what is installed and this call does not name: neither the cluster nor this checkout remembers it. Say all of it, by --mode, --component and --image")
  fi
  if [ -n "$had_mode" ] && [ "$mode" != "$had_mode" ]; then lost+=("mode $had_mode: $mode answers instead"); fi
  components=()
  while IFS=$'\t' read -r name _ _ without_it; do
    if contains "$name" "${asked[@]}" || { [ -z "$only" ] && contains "$name" "${had_components[@]}" && ! contains "$name" "${without[@]}"; }; then
      components+=("$name")
    elif contains "$name" "${had_components[@]}"; then
      lost+=("component $name: $without_it")
    fi
  done < <(component_rows)
  declare -A chosen=()
  for image in "${had_images[@]}" "${images[@]}"; do chosen[${image%%=*}]=${image#*=}; done
  images=()
  [ ${#chosen[@]} -gt 0 ] || return 0
  while read -r name; do images+=("$name=${chosen[$name]}"); done < <(printf '%s\n' "${!chosen[@]}" | sort)
}

# An installation of before the record, from another checkout.
is_installed() {
  type -P kubectl >/dev/null && [ -n "$(kubectl get daemonset lxcfs --namespace lxcfs-system --ignore-not-found --output name)" ]
}

confirm_losses() {
  [ ${#lost[@]} -gt 0 ] || return 0
  step 'This call switches off'
  printf '   %s\n' "${lost[@]}"
  if [ -n "$dry_run$yes" ]; then return; fi
  [ -t 0 ] || misuse "$command would switch off what is listed above: repeat it with --yes. Without --only, --without and --mode everything stays"
  local answer
  read -r -p '   Go on? [y/N] ' answer
  [[ $answer == [yY]* ]] || misuse 'nothing was changed'
}

# Before anything is changed: what the cluster has to know for the mode and the components.
check_needs() {
  local kinds missing=() name kind brought
  kinds=$(kubectl api-resources --output name 2>/dev/null) || true
  while IFS=$'\t' read -r name kind brought _; do
    if [ "$kind" != - ] && { contains "$name" "${components[@]}" || [ "$name" = "mode $mode" ]; } && ! grep -qxF "$kind" <<<"$kinds"; then
      missing+=("$name needs $brought")
    fi
  done < <(printf 'mode service\tcertificates.cert-manager.io\tcert-manager (https://cert-manager.io/docs/installation)\t\n' && component_rows)
  local minor
  minor=$(kubectl get --raw /version | tr -d ' \n' | sed -nE 's/.*"major":"1","minor":"([0-9]+).*/\1/p') || true
  [ "${minor:-$oldest_minor}" -ge "$oldest_minor" ] || missing+=("Kubernetes 1.$oldest_minor or later is needed, and this cluster has 1.$minor")
  [ ${#missing[@]} -gt 0 ] || return 0
  local told
  printf -v told '%s; ' "${missing[@]}"
  if [ -n "$dry_run" ]; then say "would stop: ${told%; }"; else fail "${told}nothing was changed"; fi
}

component_rows() { grep -v '^#' "$root/infra/lib/components.tsv"; }

has_component() { contains "$1" "${components[@]}"; }

contains() {
  local wanted=$1 item
  shift
  for item in "$@"; do if [ "$item" = "$wanted" ]; then return 0; fi; done
  return 1
}

