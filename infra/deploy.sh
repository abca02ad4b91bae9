#!/usr/bin/env bash
# From nothing to a namespace whose pods see their own limits, and back: infra/deploy.sh help
set -euo pipefail
shopt -s inherit_errexit
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=infra/lib/output.sh
source "$root/infra/lib/output.sh"
# shellcheck source=infra/lib/tokens.sh
source "$root/infra/lib/tokens.sh"
# shellcheck source=infra/lib/azure.sh
source "$root/infra/lib/azure.sh"
# shellcheck source=infra/lib/runtime.sh
source "$root/infra/lib/runtime.sh"
# shellcheck source=infra/lib/cluster.sh
source "$root/infra/lib/cluster.sh"
# shellcheck source=infra/lib/installation.sh
source "$root/infra/lib/installation.sh"
# shellcheck source=infra/lib/overlay.sh
source "$root/infra/lib/overlay.sh"
# shellcheck source=infra/lib/register.sh
source "$root/infra/lib/register.sh"
# shellcheck source=infra/lib/verify.sh
source "$root/infra/lib/verify.sh"
# shellcheck source=infra/lib/status.sh
source "$root/infra/lib/status.sh"
# shellcheck source=infra/lib/siblings.sh
source "$root/infra/lib/siblings.sh"
# shellcheck source=infra/lib/down.sh
source "$root/infra/lib/down.sh"

usage() {
  cat <<'END'
usage: infra/deploy.sh COMMAND [OPTION ...]

  up                 deploy to Azure, publish the package, register, verify (mode service: register, verify)
  register           apply the nodes' part and the webhooks to the cluster
  verify             ask the API server, with a pod that is never made, whether pods get the files; with --run: run one
  label NAMESPACE    opt a namespace in (--remove: out)
  status             what is there, on Azure and in the cluster
  rotate-token       replace the webhooks' token without losing a request
  check              look for other LXCFS projects and what of theirs is still in use
  down               unregister, clean the nodes, remove the rest
  help               this

  --mode url|service        who answers: the Functions app, or the same program in the cluster (default: url)
  --resource-group NAME     default: lxcfs-functions
  --location REGION         of a resource group that is still to be made
  --operator ID[:TYPE]      who may read the tokens; default: the user signed in (TYPE: User, Group, ServicePrincipal)
  --runtime NAME            on Azure: dotnet-isolated (the worker) or custom (the native executable);
                            default: what is deployed, and dotnet-isolated at first
  --package FILE            default: the runtime's own in artifacts/
  --component NAME          of infra/kustomize/components, again for each: add it; none: have none
  --without NAME            of a component, again for each: take it away
  --only                    the components of this call are all that there are to be
  --image NAME=REFERENCE    what a manifest's image NAME really is, again for each
                            (mode, components and images are remembered in the cluster: a call changes what it names)
  --yes                     up, register: don't ask about what is switched off
  --run                     verify: run a pod, and say on which node it saw which values
  --run-image IMAGE         for that pod; it has to have sh, grep and tr (default: busybox)
  --context NAME            of kubectl; default: the current one
  --keep-old                rotate-token: accept the old token too, for another cluster that still has it
  --remove                  label: opt out
  --force                   down: go on though pods still mount the files
  --timeout SECONDS         for whatever is waited for (default: 300)
  --dry-run                 say what would be done
END
}

command=${1:-help}
[ $# -eq 0 ] || shift
mode='' only='' without=() yes='' run='' run_image=busybox resource_group=lxcfs-functions location='' operator='' runtime='' package=''
components=() images=() context='' keep_old='' remove='' force='' timeout=300 dry_run='' arguments=()

while [ $# -gt 0 ]; do
  case $1 in
    --mode | --resource-group | --location | --operator | --runtime | --package | --component | --without | --image | --run-image | --context | --timeout)
      [ $# -ge 2 ] || misuse "$1 takes a value"
      case $1 in
        --component) [ "$2" = none ] && only=yes || components+=("$2") ;;
        --without) without+=("$2") ;;
        --image) images+=("$2") ;;
        *) printf -v "$(tr - _ <<<"${1#--}")" %s "$2" ;;
      esac
      shift 2
      ;;
    --keep-old | --remove | --force | --only | --yes | --run | --dry-run)
      printf -v "$(tr - _ <<<"${1#--}")" yes
      shift
      ;;
    -*) misuse "unknown option $1; infra/deploy.sh help lists them" ;;
    *)
      arguments+=("$1")
      shift
      ;;
  esac
done

case $mode in '' | url | service) ;; *) misuse "--mode is url or service, not $mode" ;; esac
check_runtime
[[ $timeout =~ ^[0-9]+$ ]] || misuse "--timeout is a number of seconds, not $timeout"
for component in "${components[@]}" "${without[@]}"; do
  [ -d "$root/infra/kustomize/components/$component" ] || misuse "there is no component $component in infra/kustomize/components"
done
for image in "${images[@]}"; do
  [[ $image == *=* ]] || misuse "--image is NAME=REFERENCE, not $image"
done
case $command in
  up | register | verify | label | status | rotate-token | check | down | help | --help | -h) ;;
  *) misuse "unknown command $command; infra/deploy.sh help lists them" ;;
esac
[ "$command" = label ] || [ ${#arguments[@]} -eq 0 ] || misuse "$command takes no argument: ${arguments[*]}"

case $command in
  up)
    prepare_registration
    if [ "$mode" = url ]; then azure_up; fi
    register
    verify
    ;;
  register)
    prepare_registration
    register
    ;;
  verify) verify ;;
  label)
    [ ${#arguments[@]} -eq 1 ] || misuse 'label takes the name of one namespace'
    label "${arguments[0]}"
    ;;
  status) status ;;
  rotate-token)
    recall_mode
    rotate_token
    ;;
  check) check_siblings ;;
  down) down ;;
  *) usage ;;
esac
