/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * LXCFS answers tenants, so whoever finds a hole in it gets what it may do. It starts with four capabilities, mounts, and then
 * can do little more than read. A system call that serving does not need fails, and a line on stderr names it.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "additions.h"
#include "macro.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define SET_RESULT(context, value) ((context)->uc_mcontext.gregs[REG_RAX] = (value))
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define SET_RESULT(context, value) ((context)->uc_mcontext.regs[0] = (unsigned long long)(value))
#else
#error "the filter of system calls is written for amd64 and arm64"
#endif

#define BIT(capability) ((uint64_t)1 << (capability))
/* To enter the mount namespace of its own and back, and to mount; then to look at any process and to read its files. */
#define STARTING (BIT(CAP_SYS_ADMIN) | BIT(CAP_SYS_CHROOT) | READING)
#define READING (BIT(CAP_SYS_PTRACE) | BIT(CAP_DAC_READ_SEARCH))

static void keep(uint64_t wanted)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {};

	if (syscall(SYS_capget, &header, data))
		log_exit("Failed to read capabilities: %m\n");
	for (int i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(wanted >> (32 * i));
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &header, data))
		log_exit("Failed to give up capabilities: %m\n");
}

void keep_few_capabilities(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		log_exit("Failed to set no_new_privs: %m\n");
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	/* Only what is executed could use these, and nothing can be: without CAP_SETPCAP they stay. */
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	keep(STARTING);
}

void keep_reading_capabilities(void)
{
	static __thread bool kept;

	if (!kept)
		keep(READING);
	kept = true;
}

struct call {
	int number;
	/* Allowed only where this argument, masked, has this value; -1 where all are. */
	int argument;
	uint32_t mask, value;
	/* Denied with this error, without a line; 0 where it is allowed. */
	int error;
	/* Allowed only where the value is this process's id. */
	bool itself;
};

#define CALL(name) {SYS_##name, -1, 0, 0, 0, false},
#define CALL_IF(name, argument, mask, value) {SYS_##name, argument, mask, value, 0, false},
#define CALL_ITSELF(name) {SYS_##name, 0, ~0u, 0, 0, true},
#define REFUSE(name, error) {SYS_##name, -1, 0, 0, error, false},
static const struct call calls[] = {
#include "filter_calls.h"
};
#undef CALL
#undef CALL_IF
#undef CALL_ITSELF
#undef REFUSE

#define CALLS (sizeof(calls) / sizeof(*calls))
#define MOST_INSTRUCTIONS (6 * CALLS + 16)

static const char *const names[] = {
#define NAME(name) [__NR_##name] = #name,
#include "syscall_names.h"
#undef NAME
};

#define NAMES (sizeof(names) / sizeof(*names))
/* Denied calls are told once a second and number: a tenant that had a hand in them can't fill the log. All unknown ones are one. */
static _Atomic time_t last_told[NAMES + 1];

static void deny(int signal, siginfo_t *info, void *context)
{
	size_t number = (size_t)info->si_syscall;
	int error = errno;
	struct timespec now;
	char line[128];

	(void)signal;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (atomic_exchange(&last_told[number < NAMES ? number : NAMES], now.tv_sec) != now.tv_sec) {
		const char *name = number < NAMES && names[number] ? names[number] : "unknown";

		snprintf(line, sizeof(line), "denied system call %s (%zu)\n", name, number);
		write_line(line);
	}
	SET_RESULT((ucontext_t *)context, -EPERM);
	errno = error;
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define LOW_WORD(argument) (offsetof(struct seccomp_data, args) + (unsigned int)(argument) * sizeof(__u64))

static size_t write_filter(struct sock_filter *filter, uint32_t otherwise)
{
	struct sock_filter *next = filter;

#define ADD(...) (*next++ = (struct sock_filter)__VA_ARGS__)
	ADD(LOAD(arch));
	ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	/* The numbers of another architecture mean other calls. */
	ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
	ADD(LOAD(nr));
	for (const struct call *call = calls; call < calls + CALLS; call++) {
		if (call->argument < 0) {
			ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call->number, 0, 1));
			ADD(BPF_STMT(BPF_RET | BPF_K, call->error ? SECCOMP_RET_ERRNO | (uint32_t)call->error : SECCOMP_RET_ALLOW));
			continue;
		}
		/* Flags and commands are all within the lower half, and the kernel ignores the upper one. */
		ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call->number, 0, 5));
		ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(call->argument)));
		ADD(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, call->mask));
		ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call->itself ? (uint32_t)getpid() : call->value, 0, 1));
		ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
		ADD(LOAD(nr));
	}
	ADD(BPF_STMT(BPF_RET | BPF_K, otherwise));
#undef ADD
	return (size_t)(next - filter);
}

void begin_filter(void)
{
	const char *wanted = getenv("LXCFS_FILTER") ?: "";
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_NODEFER, .sa_sigaction = deny};
	struct sock_filter filter[MOST_INSTRUCTIONS];
	struct sock_fprog program = {.filter = filter};
	bool only_log = strcmp(wanted, "log") == 0;

	if (strcmp(wanted, "off") == 0) {
		lxcfs_info("No filter of system calls: LXCFS_FILTER=off");
		return;
	}
	if (*wanted && !only_log)
		lxcfs_info("LXCFS_FILTER=%s is neither off nor log: the filter is on", wanted);
	program.len = (unsigned short)write_filter(filter, only_log ? SECCOMP_RET_LOG : SECCOMP_RET_TRAP);
	if (sigaction(SIGSYS, &action, NULL))
		log_exit("Failed to install a handler for denied system calls: %m\n");
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program))
		log_exit("This kernel takes no filter of system calls (%m): LXCFS_FILTER=off goes without one\n");
	lxcfs_info("System calls are filtered%s", only_log ? "; what the filter would deny is in the kernel's log" : "");
}
