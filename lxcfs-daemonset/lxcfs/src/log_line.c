/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What LXCFS has to say, without a way for a tenant to make it say more than anybody reads, or to wait for who does not read. */

#include "config.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "additions.h"

#define MOST_LINES_A_SECOND 20
#define LONGEST_WAIT 10000000 /* nanoseconds */

/* A pipe that has room for one line may have none for a second, so one at a time asks and writes. */
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;

void write_line(const char *line)
{
	struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};
	/* Whether anybody reads it changes nothing. */
	ssize_t ignored __attribute__((unused));
	struct timespec end;

	/* Another program may fill the pipe between the two: then only one waits for its reader. */
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_nsec += LONGEST_WAIT;
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	if (pthread_mutex_timedlock(&writing, &end))
		return;
	if (poll(&ready, 1, 0) == 1)
		ignored = write(STDERR_FILENO, line, strlen(line));
	pthread_mutex_unlock(&writing);
}

void log_line(const char *format, ...)
{
	static _Atomic time_t second;
	static _Atomic int lines;
	time_t now = time(NULL);
	char line[1024];
	va_list values;
	int length;

	if (atomic_exchange(&second, now) != now)
		lines = 0;
	if (lines++ >= MOST_LINES_A_SECOND)
		return;
	va_start(values, format);
	length = vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	if (length < 0)
		return;
	/* What is cut is a line all the same. */
	if ((size_t)length >= sizeof(line))
		line[sizeof(line) - 2] = '\n';
	write_line(line);
}
