/* What our files take of LXCFS's own memory_utils.h. */
#pragma once
#include <errno.h>
#include <unistd.h>
#define close_prot_errno_disarm(fd) (fd >= 0 ? (void)close(fd) : (void)0, fd = -EBADF)
static inline void close_at_end(int *fd) { close_prot_errno_disarm(*fd); }
#define __do_close __attribute__((__cleanup__(close_at_end)))
