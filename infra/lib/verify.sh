# shellcheck shell=bash disable=SC2034,SC2154
# The API server's own word: a pod that is never made, in a namespace that is gone afterwards. With --run a node's word too.

verify() {
  need_cluster
  step 'Verify'
  if [ -n "$dry_run" ]; then
    say 'would ask the API server for a pod (--dry-run=server) in a labelled namespace of its own, and look for the files'
    [ -z "$run" ] || say "would run a pod of $run_image there, and compare what it sees with its limits"
    return
  fi
  is_registered || fail 'nothing is registered in this cluster: infra/deploy.sh up'
  verify_in privileged
  if node_delivers; then verify_in restricted; fi
}

# verify_in LEVEL: in a namespace that enforces this level of Pod Security.
verify_in() {
  local namespace=lxcfs-check-$RANDOM$RANDOM
  forget_namespace
  check_namespace=$namespace
  kubectl create --filename - <<END >/dev/null || fail "the namespace $namespace could not be made"
apiVersion: v1
kind: Namespace
metadata:
  name: $namespace
  labels:
    $namespace_label: enabled
    pod-security.kubernetes.io/enforce: $1
END
  until_true "a pod in a labelled namespace, $1, gets the files (is the webhook reachable for the API server?)" pod_gets_files "$namespace"
  say "pods of labelled namespaces, $1, get the files"
  [ -z "$run" ] || run_pod "$namespace"
}

pod_gets_files() {
  local told
  told=$(check_pod lxcfs-check | kubectl create --dry-run=server --namespace "$1" --filename - --output \
    "jsonpath={.spec.volumes[*].name} deliver={.metadata.annotations.${prefix//./\\.}/deliver}") || return 1
  [[ " $told " == *' lxcfs-proc-meminfo '* || " $told " == *' deliver=node '* ]]
}

# Limits that no node has for its own. What the container saw is its last word, which the kubelet keeps in the pod's status.
run_pod() {
  check_pod "$run_image" | kubectl create --namespace "$1" --filename - >/dev/null || fail "the pod of $run_image could not be made"
  say "waits for a pod of $run_image to run"
  # Its namespace goes with this script, and the events with it.
  (until_true "the pod of $run_image has run (--run-image names another image)" pod_has_ended "$1") || told_by_events "$1"
  local node phase memory cpus
  read -r node phase memory cpus < <(kubectl get pod lxcfs-check --namespace "$1" --output \
    jsonpath='{.spec.nodeName} {.status.phase} {.status.containerStatuses[0].state.terminated.message}{"\n"}')
  [[ $phase == Succeeded && $memory =~ ^[0-9]+$ && $cpus =~ ^[0-9]+$ ]] || fail "the pod of $run_image on $node ended as $phase and said: ${memory:-nothing} $cpus"
  say "on $node it saw $memory kB of memory (limit: 32768 kB) and $cpus CPUs (limit: 1)"
  [ "$memory $cpus" = '32768 1' ] || fail "on $node a container does not see its limits"
}

pod_has_ended() {
  [[ $(kubectl get pod lxcfs-check --namespace "$1" --output 'jsonpath={.status.phase}') == @(Succeeded|Failed) ]]
}

check_pod() {
  cat <<END
apiVersion: v1
kind: Pod
metadata:
  name: lxcfs-check
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 65534
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: check
      image: $1
      securityContext:
        allowPrivilegeEscalation: false
        capabilities:
          drop: [ALL]
      command:
        - sh
        - -c
        - echo \$(grep -m 1 MemTotal /proc/meminfo | tr -dc 0-9) \$(grep -c ^processor /proc/cpuinfo) >/dev/termination-log
      resources:
        limits:
          cpu: 100m
          memory: 32Mi
END
}
