/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a control group may use of the processors, and what it has used, on cgroup v1 and v2. */

#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "additions.h"
#include "cgroups/cgroup.h"
#include "cgroups/cgroup_utils.h"
#include "cpuset_parse.h"
#include "memory_utils.h"
#include "proc_cpuview.h"

#define MICROSECONDS 1000000.0
#define NANOSECONDS 1000000000.0

/* A file of a control group; false where there is none. */
static bool read_group_file(int hierarchy, const char *cgroup, const char *file, char *text, size_t size)
{
	__do_close int fd = -EBADF;
	__do_free char *path = NULL;
	ssize_t length;

	path = must_make_path_relative(cgroup, file, NULL);
	fd = openat(hierarchy, path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, size - 1);
	if (length < 0)
		return false;
	text[length] = '\0';
	return true;
}

static bool own_limit(int hierarchy, const char *cgroup, int64_t *quota, int64_t *period)
{
	char text[64];

	if (pure_unified_layout(cgroup_ops))
		return read_group_file(hierarchy, cgroup, "cpu.max", text, sizeof(text)) &&
		       sscanf(text, "%" SCNd64 " %" SCNd64, quota, period) == 2 && *quota > 0 && *period > 0;
	if (!read_group_file(hierarchy, cgroup, "cpu.cfs_quota_us", text, sizeof(text)) || (*quota = strtoll(text, NULL, 10)) <= 0)
		return false;
	return read_group_file(hierarchy, cgroup, "cpu.cfs_period_us", text, sizeof(text)) && (*period = strtoll(text, NULL, 10)) > 0;
}

void cpu_limit(const char *cgroup, int64_t *quota, int64_t *period)
{
	struct hierarchy *hierarchy = cgroup_ops->get_hierarchy(cgroup_ops, "cpu");
	__do_free char *path = strdup(cgroup);
	int64_t its_quota, its_period;
	char *end;

	*quota = *period = -1;
	if (!hierarchy || !path)
		return;
	/* The root itself has no limit. */
	for (end = path + strlen(path); end > path + 1; end = strrchr(path, '/')) {
		*end = '\0';
		if (!own_limit(hierarchy->fd, path, &its_quota, &its_period))
			continue;
		if (*quota < 0 || (double)its_quota / (double)its_period < (double)*quota / (double)*period) {
			*quota = its_quota;
			*period = its_period;
		}
	}
}

/* A line "NAME NUMBER" of cpu.stat. */
static uint64_t stat_value(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? strtoull(line + strlen(name), NULL, 10) : 0;
}

double cpu_seconds(pid_t process)
{
	bool unified = pure_unified_layout(cgroup_ops);
	const char *controller = unified ? "cpu" : "cpuacct";
	struct hierarchy *hierarchy = cgroup_ops->get_hierarchy(cgroup_ops, controller);
	__do_free char *cgroup = get_pid_cgroup(process, controller);
	char text[1024];

	if (!hierarchy || !cgroup)
		return 0;
	prune_init_scope(cgroup);
	if (!read_group_file(hierarchy->fd, cgroup, unified ? "cpu.stat" : "cpuacct.usage", text, sizeof(text)))
		return 0;
	return unified ? (double)stat_value(text, "usage_usec ") / MICROSECONDS : (double)strtoull(text, NULL, 10) / NANOSECONDS;
}

int unified_cpu_usage(const char *cgroup, const char *cpuset, struct cpuacct_usage **usage, int *size)
{
	struct hierarchy *hierarchy = cgroup_ops->get_hierarchy(cgroup_ops, "cpu");
	int count = get_nprocs_conf(), in_set = cpu_number_in_cpuset(cpuset);
	double ticks = (double)sysconf(_SC_CLK_TCK) / MICROSECONDS / (in_set > 0 ? in_set : 1);
	char text[1024];

	if (!hierarchy || !read_group_file(hierarchy->fd, cgroup, "cpu.stat", text, sizeof(text)))
		return -1;
	*usage = zalloc(sizeof(**usage) * count);
	if (!*usage)
		return -ENOMEM;
	/* The kernel tells a sum; which processor did what it does not tell. */
	for (int i = 0; i < count; i++) {
		if (!cpu_in_cpuset(i, cpuset))
			continue;
		(*usage)[i].user = (uint64_t)((double)stat_value(text, "user_usec ") * ticks);
		(*usage)[i].system = (uint64_t)((double)stat_value(text, "system_usec ") * ticks);
	}
	*size = count;
	return 0;
}
