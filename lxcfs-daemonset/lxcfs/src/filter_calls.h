/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What serving needs. A test compares this list with the calls that LXCFS makes under load: one that is missing here, or that no
 * load makes, fails it, unless the line says why it is not asked for on that node.
 */
CALL(read)
CALL_IF(openat, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY)
CALL(close)
CALL(fstat)
CALL(newfstatat)
CALL(writev)
CALL_IF(fcntl, 1, ~3u, 0) /* flags alone: F_DUPFD to F_GETFL; no lock, no signal */
CALL(futex)
CALL(getdents64)
CALL_IF(ioctl, 1, ~0u, 0x8004b707) /* NS_GET_TGID_FROM_PIDNS */
CALL_IF(ioctl, 1, ~0u, 0xb702) /* NS_GET_PARENT */
CALL(personality)
CALL(faccessat2)
#ifdef SYS_access
CALL(access)
#else
CALL(faccessat)
#endif
#ifdef SYS_readlink
CALL(readlink)
#else
CALL(readlinkat)
#endif
CALL(fstatfs) /* not asked for on cgroup v1: on v2 a group without a limit asks, and the values in the guest are wrong without it */
CALL(write)
CALL(clock_nanosleep)
CALL(clock_gettime)

/* Memory. */
CALL_IF(mmap, 2, PROT_EXEC, 0)
CALL_IF(mprotect, 2, PROT_EXEC, 0)
CALL(munmap)
CALL(madvise)
CALL(brk)
CALL(mremap) /* a text of more than 128 KiB is kept */

/* A thread that was started before the filter may begin behind it. */
CALL(set_robust_list) /* not asked for on any node */
CALL(rseq) /* not asked for on any node */
CALL(capget) /* not asked for on any node */
CALL(capset) /* gives up, and can't get; not asked for on any node */

/* At its end. */
CALL(exit)
CALL(rt_sigprocmask)
CALL(rt_sigreturn)
CALL(rt_sigaction)
CALL(getpid)
CALL(geteuid)
CALL_ITSELF(tgkill) /* it ends itself, and signals no other process of the node */
#ifdef SYS_poll
CALL(poll)
#else
CALL(ppoll)
#endif
CALL_IF(umount2, 1, ~0u, MNT_DETACH)
/* Its pid file stays: the next one with this name overwrites it. */
#ifdef SYS_unlink
REFUSE(unlink, EPERM)
#else
REFUSE(unlinkat, EPERM)
#endif
CALL(exit_group)

/* When it is stopped and goes on. */
CALL(restart_syscall)
