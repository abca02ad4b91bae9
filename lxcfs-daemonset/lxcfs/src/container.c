/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who asks, and which container that is. */

#include "config.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "additions.h"
#include "memory_utils.h"

/* linux/nsfs.h */
#ifndef NS_GET_PARENT
#define NS_GET_PARENT _IO(0xb7, 0x2)
#endif

static ino_t own_namespace(void)
{
	static _Atomic ino_t own;
	struct stat found;

	if (!own && !stat("/proc/self/ns/pid", &found))
		own = found.st_ino;
	return own;
}

bool is_in_namespace(pid_t process, ino_t namespace)
{
	char path[64], found[64], wanted[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", process);
	snprintf(wanted, sizeof(wanted), "pid:[%ju]", (uintmax_t)namespace);
	length = readlink(path, found, sizeof(found));
	return length == (ssize_t)strlen(wanted) && !memcmp(found, wanted, (size_t)length);
}

struct asker asker_of(pid_t process)
{
	__do_close int fd = -EBADF;
	char path[64];
	struct stat found;
	struct asker asker = {};

	/* The kernel itself, or a process that this one can't see. */
	if (process <= 0)
		return asker;
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", process);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && !fstat(fd, &found)) {
		int outer;

		if (asker.container && found.st_ino == own_namespace())
			break;
		if (!asker.namespace)
			asker.namespace = found.st_ino;
		asker.container = found.st_ino;
		/* None is told above LXCFS's own. */
		outer = ioctl(fd, NS_GET_PARENT);
		close_prot_errno_disarm(fd);
		fd = outer;
	}
	return asker;
}
