// What the program's codes mean, in English and in Chinese.

/** By outcome and reason; by outcome alone where the reason says no more. */
export const verdicts = {
  Patched: ['Gets the view of its own limits', '会得到与自身 limit 一致的视图'],
  Denied: ['Refused: the API server would not store this pod', '被拒绝：API server 不会保存这个 Pod'],
  NoPod: ['Holds no pod, so nothing changes', '不含 Pod，不作改动'],
  'Skipped.SystemNamespace': ['Left alone: its namespace belongs to the system', '跳过：它的命名空间属于系统'],
  'Skipped.OptedOut': ['Left alone: the pod says so itself', '跳过：Pod 自己选择退出'],
  'Skipped.InvalidAnnotation': ['Left alone: an annotation can’t be understood', '跳过：有一个注解无法理解'],
  'Skipped.Windows': ['Left alone: a Windows pod has no /proc', '跳过：Windows Pod 没有 /proc'],
  'Skipped.MirrorPod': ['Left alone: the kubelet runs a static pod as its file says', '跳过：静态 Pod 由 kubelet 按文件运行'],
  'Skipped.VirtualNode': ['Left alone: a virtual node has no LXCFS', '跳过：虚拟节点上没有 LXCFS'],
  'Skipped.SandboxedRuntime': ['Left alone: its runtime class has a /proc of its own', '跳过：它的 runtime class 自带 /proc'],
  'Skipped.UserNamespace': ['Left alone: with hostUsers: false and the files it would never start', '跳过：hostUsers: false 的 Pod 挂载这些文件后无法启动'],
  'Skipped.UnservedKind': ['Left alone: it has a pod template, but its kind is not known here', '跳过：它有 Pod 模板，但这里不认识它的 kind'],
  'Skipped.NothingToDo': ['Left alone: nothing is missing', '跳过：什么都不缺'],
};

/** By the reason of a row. */
export const reasons = {
  ShowsLimit: ['reads a file that LXCFS answers with the limit', '读取的文件由 LXCFS 按 limit 回答'],
  RoundedUp: ['reads a file that LXCFS answers with the limit, rounded up to whole CPUs', '读取的文件由 LXCFS 按 limit 回答，向上取整为整数个 CPU'],
  ReadsCgroup: ['reads the container\'s own cgroup', '读取容器自己的 cgroup'],
  SetByVariable: ['obeys a variable that an environment profile sets from the limit', '遵从环境变量，该变量由 env 配置按 limit 设置'],
  OwnUptime: ['reads /proc/uptime, which LXCFS counts from the container\'s start', '读取 /proc/uptime，LXCFS 从容器启动时起算'],
  NoLimit: ['the container has no limit, so the node\'s value is what it may use', '容器没有 limit，可用的就是节点的全部'],
  LimitAboveNode: ['the limit is above what this node has', 'limit 超过了这个节点所拥有的'],
  LeftAlone: ['the pod is left alone, so the file is the node\'s', 'Pod 被跳过，文件就是节点的'],
  SkippedContainer: ['the pod\'s annotation leaves this container alone, so the file is the node\'s', 'Pod 的注解跳过了这个容器，文件就是节点的'],
  UnmaskedProc: ['procMount: Unmasked leaves this container alone, so the file is the node\'s', 'procMount: Unmasked 使这个容器被跳过，文件就是节点的'],
  OwnMount: ['the container mounts something of its own over the file', '容器在该文件上挂载了自己的内容'],
  NotMounted: ['the file is not mounted, by the setting or since a volume of its name is another', '该文件没有挂载：设置如此，或同名的卷另有来源'],
  AsksAffinity: ['asks the kernel for the affinity mask, which a CPU limit does not change and no file can', '向内核询问 CPU 亲和性掩码：CPU limit 不改变它，任何文件也改变不了'],
  AsksSysinfo: ['asks the kernel by sysinfo(2), which no file can change', '通过 sysinfo(2) 询问内核，任何文件都改变不了'],
  AsksPossibleCpus: ['counts the CPUs that the kernel could have, and LXCFS offers no file for that', '统计内核可能拥有的 CPU，而 LXCFS 没有对应的文件'],
  LeastTwo: ['reads the container\'s own cgroup, but never goes below two', '读取容器自己的 cgroup，但从不少于 2'],
  RoundedDown: ['reads the container\'s own cgroup, rounded down to whole CPUs', '读取容器自己的 cgroup，向下取整为整数个 CPU'],
  OtherVariable: ['obeys a variable that the manifest sets to something else than the limit', '遵从环境变量，而清单把它设成了与 limit 不同的值'],
  UnknownVariable: ['obeys a variable whose value the manifest takes from elsewhere', '遵从环境变量，而清单从别处取得它的值'],
  SharedProcesses: ['shareProcessNamespace: every container sees the sum of the pod\'s limits', 'shareProcessNamespace：每个容器看到的是整个 Pod 的 limit 之和'],
  HostProcesses: ['hostPID: the container\'s first process is the node\'s', 'hostPID：容器的第一个进程就是节点的'],
};

/** By the cure of a row. */
export const cures = {
  SetLimit: ['set resources.limits of the container', '为容器设置 resources.limits'],
  RemoveOptOut: ['remove what leaves it alone, unless it is meant', '若非有意，请去掉使它被跳过的设置'],
  RemoveMount: ['remove that mount or volume, unless it is meant', '若非有意，请去掉该挂载或卷'],
  ReadMeminfo: ['read /proc/meminfo, or use the free of procps', '读取 /proc/meminfo，或使用 procps 的 free'],
  ReadOnlineCpus: ['read the on-line list, or getconf _NPROCESSORS_ONLN', '看 on-line 列表，或用 getconf _NPROCESSORS_ONLN'],
  ProfileOmp: ['annotate the pod with the environment profile omp, or set OMP_NUM_THREADS', '用注解为 Pod 选择 env 配置 omp，或设置 OMP_NUM_THREADS'],
  ProfileGo: ['annotate the pod with the environment profile go, or set GOMAXPROCS, or build with Go 1.25', '用注解为 Pod 选择 env 配置 go，或设置 GOMAXPROCS，或用 Go 1.25 编译'],
  UseGoMaxProcs: ['ask runtime.GOMAXPROCS(0) instead, with Go 1.25 or the environment profile go', '改用 runtime.GOMAXPROCS(0)，配合 Go 1.25 或 env 配置 go'],
  UseCpuCount: ['ask os.cpu_count() instead', '改用 os.cpu_count()'],
  UpdateGo: ['annotate the pod with the environment profile go, or set GOMAXPROCS', '用注解为 Pod 选择 env 配置 go，或设置 GOMAXPROCS'],
  UpdateNode: ['ask os.cpus().length instead', '改用 os.cpus().length'],
  MindVariable: ['remove the variable, or set it to the limit', '去掉该变量，或把它设成 limit'],
};

/** What a command shows that is not a number. */
export const values = {
  'since the node started': ['the node’s', '节点的'],
  'since the container started': ['its own', '容器自己的'],
};

/** By the code of a warning, problem or error; {0} and {1} are its values. The English is the program's own. */
export const messages = {
  Windows: '跳过：Windows Pod 没有 /proc',
  VirtualNode: '跳过：虚拟节点上没有 LXCFS，看到的是其宿主机',
  SandboxedRuntime: '跳过：它的 runtime class 是自带 /proc 的沙箱',
  UserNamespace: '跳过：hostUsers: false 的 Pod 挂载这些文件后无法启动；如需视图请去掉 hostUsers',
  UnmaskedProc: '跳过：procMount: Unmasked 需要没有挂载的 /proc：{0}',
  OtherPath: '{0} 挂载在 {1}，那里出问题时没有人修复：{2}',
  ReachesHelper: '有 {0} 就能触及 LXCFS 的辅助进程，并由此触及节点；请去掉该权能或选择退出：{1}',
  WatchesNode: '它观察的是节点（hostPID），注入后会报告自己的 limit；如不需要请注解 mutate: "false"：{0}',
  ProfileOverridden: 'env 配置 {0} 不起作用，因为 {2} 已经设置：{1}',
  ProfileWithoutLimit: 'env 配置 {0} 没有 limit 就不起作用：{1}',
  Conflict: '{0} 显示节点的值：卷 {1} 的来源不同',
  SharedProcesses: 'shareProcessNamespace：每个容器看到的是整个 Pod 的 limit 之和',
  NoMemoryLimit: '没有内存 limit，free 会显示节点的内存：{0}',
  NoCpuLimit: '没有 CPU limit，/proc/cpuinfo 会显示节点的 CPU：{0}',
  InvalidMutate: '注解 {0} 的值 {1} 无效；请写 "true" 或 "false"，或删除该注解',
  UnknownProfile: '注解 {0} 的值 {1} 无效；请从 {2} 中选择，用逗号分隔，或只写 none',
  UnknownContainer: '注解 {0} 的值 {1} 无效：没有叫这个名字的容器；请写该 Pod 中容器的名字，用逗号分隔',
  WritableMount: '对 {0} 的挂载必须只读；请写 readOnly: true',
  NotYaml: '不是合法的 YAML：{0}',
  UnservedKind: '{0} 处没有注入，因为不认识这个 kind；--kind {1}={0} 可以处理它',
  RefusedByKnative: '{0} 处没有注入：除非启用 kubernetes.podspec-volumes-hostpath，Knative 拒绝 hostPath 卷；启用后用 --kind {1}={0}',
  NotTakenOut: '无法就地取出：别处也共用它；请把别名代表的内容写出来',
  UnreadYaml: 'kubectl 或许能读而本程序不能读的 YAML：请把括号里的内容缩进得比括号前的键更深，或加上引号',
  TooDeep: '嵌套超过 {0} 层',
  NoAnchor: '*{0} 之前没有对应的锚点',
  TooManyValues: '别名展开后超过 {0} 个值',
  KeyIsNoWord: '键必须是一个词',
  WrongType: '类型与 API server 在此处接受的不同',
  EndsInBlock: '无法就地修改：最后一个值是块（| 或 >），末尾没有换行；请加一个换行',
  SharedAnchor: '无法就地修改：其中的锚点在别处也被使用；请把别名代表的内容写出来',
};
