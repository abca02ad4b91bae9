/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The first process of a pid namespace, without a process of LXCFS's own in it: what enters a container's namespace can be
 * stopped there, or looked through.
 */

#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "additions.h"
#include "memory_utils.h"

/* linux/nsfs.h of Linux 6.11; older headers don't have it. */
#ifndef NS_GET_TGID_FROM_PIDNS
#define NS_GET_TGID_FROM_PIDNS _IOR(0xb7, 0x7, int)
#endif

/* No tree of processes is that deep; a table that changes while it is read might look so. */
#define MOST_ANCESTORS 1000

/* Unused entries are kept that long, so that a namespace that is read now and then is not looked for each time. */
#define LIFETIME_SECONDS 600
#define MOST_ENTRIES 10000

struct process {
	/* Its first thread: who reads may be any. */
	pid_t leader;
	pid_t parent;
	/* The first thread's id in its own namespace. */
	pid_t own_id;
};

static bool is_in(pid_t process, const struct stat *namespace)
{
	char path[64];
	struct stat other;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", process);
	return !stat(path, &other) && other.st_ino == namespace->st_ino && other.st_dev == namespace->st_dev;
}

static bool read_process(pid_t pid, struct process *process)
{
	__do_fclose FILE *file = NULL;
	__do_free char *line = NULL;
	char path[64], *last;
	size_t size = 0;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (getline(&line, &size, file) != -1) {
		if (!strncmp(line, "Tgid:", 5))
			process->leader = atoi(line + 5);
		if (!strncmp(line, "PPid:", 5))
			process->parent = atoi(line + 5);
		if (strncmp(line, "NStgid:", 7))
			continue;
		/* One id for each namespace, its own last. */
		last = strrchr(line, '\t');
		process->own_id = last ? atoi(last + 1) : 0;
		found = true;
		break;
	}
	return found;
}

static bool is_first(pid_t pid, const struct stat *namespace, struct process *process)
{
	return read_process(pid, process) && process->own_id == 1 && is_in(pid, namespace);
}

static pid_t first_of_ancestors(pid_t pid, const struct stat *namespace)
{
	struct process process = {};

	for (int i = 0; i < MOST_ANCESTORS && pid > 0; i++) {
		if (is_first(pid, namespace, &process))
			return process.leader;
		pid = process.parent;
		/* Who came into the namespace from outside has no ancestor in it. */
		if (!is_in(pid, namespace))
			return -1;
	}
	return -1;
}

static pid_t first_of_all(const struct stat *namespace)
{
	__do_closedir DIR *folder = opendir("/proc");
	struct process process = {};
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		pid_t pid = isdigit(entry->d_name[0]) ? atoi(entry->d_name) : 0;

		if (pid > 0 && is_in(pid, namespace) && is_first(pid, namespace, &process))
			return pid;
	}
	return -1;
}

pid_t find_first_process(pid_t process)
{
	__do_close int fd = -EBADF;
	char path[64];
	struct stat namespace;
	pid_t first;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", process);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &namespace))
		return -1;
	first = ioctl(fd, NS_GET_TGID_FROM_PIDNS, 1);
	if (first > 0)
		return first;
	/* Linux before 6.11 does not know it. */
	if (errno != ENOTTY && errno != EINVAL)
		return -1;
	first = first_of_ancestors(process, &namespace);
	return first > 0 ? first : first_of_all(&namespace);
}

int64_t first_process_lifetime(size_t entries)
{
	return entries > MOST_ENTRIES ? 0 : LIFETIME_SECONDS;
}

uint64_t start_time(FILE *stat)
{
	__do_free char *line = NULL;
	size_t size = 0;
	char *field;

	/* The second field is the name, in brackets, and the process chooses it: it may hold brackets, spaces and newlines. */
	if (getdelim(&line, &size, '\0', stat) < 0)
		return 0;
	field = strrchr(line, ')');
	for (int i = 2; field && i < 22; i++)
		field = strchr(field + 1, ' ');
	return field ? strtoull(field, NULL, 10) : 0;
}
