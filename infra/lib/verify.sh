# shellcheck shell=bash disable=SC2034,SC2154
# The API server's own word: a pod that is never made, in a namespace that is gone afterwards.

verify() {
  need_cluster
  step 'Verify'
  if [ -n "$dry_run" ]; then
    say 'would ask the API server for a pod (--dry-run=server) in a labelled namespace of its own, and look for the files'
    return
  fi
  local namespace=lxcfs-check-$RANDOM$RANDOM
  check_namespace=$namespace
  kubectl create --filename - <<END >/dev/null || fail "the namespace $namespace could not be made"
apiVersion: v1
kind: Namespace
metadata:
  name: $namespace
  labels:
    $namespace_label: enabled
    pod-security.kubernetes.io/enforce: privileged
END
  until_true 'a pod in a labelled namespace gets the files (is the webhook reachable for the API server?)' pod_gets_files "$namespace"
  say 'pods of labelled namespaces get the files'
}

pod_gets_files() {
  local volumes
  volumes=$(kubectl create --dry-run=server --filename - --output 'jsonpath={.spec.volumes[*].name}' <<END
apiVersion: v1
kind: Pod
metadata:
  name: lxcfs-check
  namespace: $1
spec:
  containers:
    - name: check
      image: lxcfs-check
      resources:
        limits:
          cpu: 100m
          memory: 32Mi
END
  ) || return 1
  [[ " $volumes " == *' lxcfs-proc-meminfo '* ]]
}
