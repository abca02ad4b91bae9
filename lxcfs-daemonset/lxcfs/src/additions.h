/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this project adds to LXCFS: each part is called by the change of the same name. */

#ifndef LXCFS_ADDITIONS_H
#define LXCFS_ADDITIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct cpuacct_usage;
struct file_info;
struct fuse_operations;

/* first_process.c */

/* The first process of the pid namespace that a process is in; -1 if it can't be found. */
pid_t find_first_process(pid_t process);

/* How many seconds an unused entry of the table of first processes is kept, in a table of that many. */
int64_t first_process_lifetime(size_t entries);

/* The start of a process in ticks since the node's, from its open /proc/PID/stat; 0 if there is none. */
uint64_t start_time(FILE *stat);

/* container.c */

/* Who asks for something. Both are 0 for what can't be seen. */
struct asker {
	/* The pid namespace that it is in. */
	ino_t namespace;
	/* The outermost one of those around it below LXCFS's own, so that what a tenant nests counts as one. */
	ino_t container;
};

struct asker asker_of(pid_t process);

/* Whether a process is in that pid namespace: one system call, where to find its container takes six and more. */
bool is_in_namespace(pid_t process, ino_t namespace);

/* fair_queue.c */

/* So many of a container's requests are answered at once, and no more. */
#define MOST_WORKERS_OF_A_CONTAINER 4

struct container;

struct request {
	struct asker asker;
	struct container *container;
	struct request *next;
	size_t size;
	char text[];
};

/*
 * So many threads receive at once. Whoever receives a request answers it where it is its turn, and only the last of them has to wake another
 * for that.
 */
#define MOST_RECEIVERS 2

/* Has a copy of a request wait for its container's turn; false where there is no memory for it. */
bool queue_request(struct asker asker, const void *text, size_t size);

/* Waits for the next in turn, which whoever takes it ends; NULL where the caller is to receive. */
struct request *take_request(void);
/* The next in turn for who receives, and then receives no more; NULL where there is none, or nobody else to receive. */
struct request *stop_receiving(void);
void end_request(struct request *request);

/* Nobody waits from now on. */
void end_queue(void);

/* serve.c */

/* As fuse_main, with the container of whoever asks in turn. */
int serve_fairly(int count, char **arguments, const struct fuse_operations *operations, size_t size, void *data);

/* Who asks for what the calling thread answers. */
const struct asker *current_asker(void);

/* open_files.c */

/* Counts a file that somebody opens. 0, or an error: -ENFILE where its container has too many already. */
int open_file_begin(struct file_info *file, const struct asker *opener);
void open_file_end(struct file_info *file);

/* Who has opened a file; NULL for one that is not counted. */
const struct asker *opener_of(const struct file_info *file);

struct open_file;

/* What of a text is at an offset; how much that is. */
int copy_text(char *buf, size_t size, off_t offset, const char *text, size_t length);

/* A later part of the text that the file's last read from the start made; false where it has to be made anew. */
bool read_kept_text(struct open_file *open, char *buf, size_t size, off_t offset, int *ret);

/* Keeps what was read up to an end, or only its length, where that is all of it or there is no room. */
void keep_rest(struct open_file *open, char **text, size_t length, size_t end);

/* plain_read.c */

/* The text of a file, which the caller frees; NULL for one that can't be read or is empty. */
char *read_text_at(int folder, const char *path, int flags);

/* cpu_limit.c */

/* The smallest quota of a control group and those above it, in microseconds a period; -1 where none has one. */
void cpu_limit(const char *cgroup, int64_t *quota, int64_t *period);

/* The processor seconds that the control group of a process has used. */
double cpu_seconds(pid_t process);

/* On cgroup v2: what a control group has used, as if each processor of its cpuset had done the same. */
int unified_cpu_usage(const char *cgroup, const char *cpuset, struct cpuacct_usage **usage, int *size);

/* log_line.c */

/* Writes a line to stderr, unless that would wait. Safe in the handler of a call that was denied: none of its own is. */
void write_line(const char *line);

/* less_power.c */

/* Gives up all capabilities but the four that LXCFS needs to start, and all ways to get others. Before there is a second thread. */
void keep_few_capabilities(void);

/* Of the calling thread, and those that it starts, all capabilities that reading does not need. */
void keep_reading_capabilities(void);

/* From now on no thread makes a system call that serving does not need. LXCFS_FILTER=off leaves the filter away. */
void begin_filter(void);

#endif
