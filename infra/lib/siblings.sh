# shellcheck shell=bash disable=SC2034,SC2154
# Other projects that bring LXCFS to pods: what of theirs is in the way, and what of theirs goes on. It changes nothing.

check_siblings() {
  need_cluster
  local findings=0
  check_webhooks
  check_daemonsets
  check_namespaces
  check_pods
  step 'Result'
  if [ "$findings" -gt 0 ]; then
    say "$findings to settle first; infra/migrating.md says how, project by project"
    exit 3
  fi
  say 'nothing is in the way'
}

finding() {
  findings=$((findings + 1))
  say "$@"
}

# rows: PROJECT CONFIGURATION WEBHOOK DAEMONSET, separated by tabs.
sibling_rows() { grep -v '^#' "$root/infra/lib/siblings.tsv"; }

check_webhooks() {
  step 'Webhooks of other projects: two that inject get in each other'\''s way'
  local kind configuration webhook project pattern name
  for kind in mutatingwebhookconfigurations validatingwebhookconfigurations; do
    while IFS=$'\t' read -r configuration webhook; do
      while IFS=$'\t' read -r project pattern name _; do
        # shellcheck disable=SC2053 # They are patterns.
        if [[ $configuration == $pattern && $webhook == $name ]]; then
          finding "$project: kubectl delete $kind $configuration"
        fi
      done < <(sibling_rows)
    done < <(kubectl get "$kind" --output jsonpath='{range .items[*]}{.metadata.name}{"\t"}{.webhooks[0].name}{"\n"}{end}')
  done
}

# Two LXCFS can't be mounted at one path; one at another path serves the pods that mount it, and does no harm.
check_daemonsets() {
  step 'DaemonSets that mount LXCFS on the nodes'
  local object path
  # shellcheck disable=SC2016
  while read -r object path; do
    case $object:$path in
      lxcfs-system/lxcfs:*) ;;
      *:/var/lib/lxcfs | *:/var/lib/lxcfs/) say "$(daemonset_project "$object"): $object mounts at $path; keep it until no pod below is served from there" ;;
      *:/var/lib/lxc | *:/var/lib/lxc/ | *:/var/lib/lxc/lxcfs | *:/var/lib/lxc/lxcfs/)
        finding "$(daemonset_project "$object"): $object mounts at $path, where this project's does: kubectl delete daemonset --namespace ${object%/*} ${object#*/}"
        ;;
    esac
  done < <(kubectl get daemonsets --all-namespaces --output go-template='{{range .items}}{{$set := .}}{{range .spec.template.spec.volumes}}{{if .hostPath}}{{$set.metadata.namespace}}/{{$set.metadata.name}} {{.hostPath.path}}{{"\n"}}{{end}}{{end}}{{end}}')
}

daemonset_project() {
  local project pattern
  while IFS=$'\t' read -r project _ _ pattern; do
    # shellcheck disable=SC2053
    if [[ $1 == $pattern ]]; then
      echo "$project"
      return
    fi
  done < <(sibling_rows)
  echo 'unknown project'
}

check_namespaces() {
  step 'Namespaces'
  local namespace level
  while IFS=$'\t' read -r namespace level; do
    case $level in
      baseline | restricted) node_delivers || finding "$namespace is labelled, but enforces $level: its pods stay without the files; take the label away, lower the level, or add the component node-delivery" ;;
      *) say "$namespace is labelled $namespace_label=enabled, which counts here too" ;;
    esac
  done < <(kubectl get namespaces --selector "$namespace_label=enabled" --output \
    jsonpath='{range .items[*]}{.metadata.name}{"\t"}{.metadata.labels.pod-security\.kubernetes\.io/enforce}{"\n"}{end}')
  while read -r namespace; do
    finding "$namespace is labelled mount-lxcfs=enabled (cndoit18), which means nothing here: infra/deploy.sh label $namespace"
  done < <(kubectl get namespaces --selector "mount-lxcfs=enabled,$namespace_label!=enabled" --output jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}')
}

check_pods() {
  step 'Running pods that other projects have mutated'
  local pod kind own=0
  while read -r pod kind; do
    case $kind in
      elsewhere) say "$pod reads files below /var/lib/lxcfs: make it anew before that LXCFS goes" ;;
      tree) say "$pod mounts the whole of /var/lib/lxc and sees the tree of every container: make it anew" ;;
      opt-out) finding "$pod opts out by mutating.lxcfs-admission-webhook.io/enable (ymping), which means nothing here: annotate its template with $prefix/mutate: \"false\"" ;;
      own) own=$((own + 1)) ;;
      here) say "$pod reads files below /var/lib/lxc/lxcfs: it is served and repaired by the new agent" ;;
    esac
  done < <(pods_of_siblings | sort -u)
  if [ "$own" -gt 0 ]; then say "and $own that this project has mutated"; fi
}

# pods_of_siblings: NAMESPACE/NAME KIND. What runs LXCFS itself sees every process of the node, and is no user of it; a pod
# that has ended mounts nothing. No other project writes the type File.
pods_of_siblings() {
  # shellcheck disable=SC2016
  kubectl get pods --all-namespaces --output go-template='{{range .items}}{{if not (or .spec.hostPID (eq .status.phase "Succeeded") (eq .status.phase "Failed"))}}{{$pod := printf "%s/%s" .metadata.namespace .metadata.name}}{{$notes := .metadata.annotations}}{{with $notes}}{{with index . "mutating.lxcfs-admission-webhook.io/enable"}}{{$pod}} enable {{.}}{{"\n"}}{{end}}{{end}}{{range .spec.volumes}}{{if .hostPath}}{{$pod}} {{.name}} {{.hostPath.path}} {{.hostPath.type}}{{"\n"}}{{end}}{{end}}{{end}}{{end}}' |
    awk '
      $1 ~ "^lxcfs-system/" || $2 == "cgroup" { next }
      $2 == "enable" && tolower($3) ~ /^(n|no|false|off)$/ { print $1, "opt-out"; next }
      $3 ~ "^/var/lib/lxcfs/" { print $1, "elsewhere" }
      $3 ~ "^/var/lib/lxc/?$" || $3 ~ "^/var/lib/lxc/lxcfs/?$" { print $1, "tree" }
      $3 ~ "^/var/lib/lxc/lxcfs/." { print $1, ($4 == "File" && $2 ~ "^lxcfs-") ? "own" : "here" }'
}
