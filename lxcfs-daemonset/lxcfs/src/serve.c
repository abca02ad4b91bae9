/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One thread receives all requests and has them wait by container; others answer them. Instead of libfuse's own threads. */

#include "config.h"

#include <errno.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "additions.h"
#include "macro.h"

#define WORKERS 16

static struct fuse_session *session;
static pthread_barrier_t begun;
static sem_t finished;

/* A read takes no longer than it takes, and ends no sooner for a signal: -ENOSYS says not to tell of them. */
static void refuse_interrupts(const struct fuse_in_header *header)
{
	struct fuse_out_header answer = {.len = sizeof(answer), .error = -ENOSYS, .unique = header->unique};
	ssize_t ignored __attribute__((unused)) = write(fuse_session_fd(session), &answer, sizeof(answer));
}

static void *receive(void *argument)
{
	struct fuse_buf buffer = {};
	int size;

	(void)argument;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	/* No thread begins after the filter, which the first request brings. */
	pthread_barrier_wait(&begun);
	while (!fuse_session_exited(session)) {
		const struct fuse_in_header *header;

		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
		size = fuse_session_receive_buf(session, &buffer);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
		if (size == -EINTR)
			continue;
		if (size <= 0)
			break;
		header = buffer.mem;
		if (header->opcode == FUSE_INTERRUPT)
			refuse_interrupts(header);
		else if (header->opcode == FUSE_INIT || !queue_request(container_of((pid_t)header->pid), header, (size_t)size))
			fuse_session_process_buf(session, &buffer);
	}
	fuse_session_exit(session);
	sem_post(&finished);
	return NULL;
}

static void *answer(void *argument)
{
	struct request *request;

	(void)argument;
	keep_reading_capabilities();
	pthread_barrier_wait(&begun);
	while ((request = take_request())) {
		struct fuse_buf buffer = {.mem = request->text, .size = request->size};

		fuse_session_process_buf(session, &buffer);
		end_request(request);
	}
	return NULL;
}

static int run(void)
{
	pthread_t receiver, workers[WORKERS];
	sigset_t ending, before;

	if (sem_init(&finished, 0, 0) || pthread_barrier_init(&begun, NULL, WORKERS + 1))
		return -1;
	/* The first thread is told to end, and no other. */
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGQUIT);
	pthread_sigmask(SIG_BLOCK, &ending, &before);
	for (int i = 0; i < WORKERS; i++)
		if (pthread_create(&workers[i], NULL, answer, NULL))
			log_exit("Failed to start a thread: %m\n");
	if (pthread_create(&receiver, NULL, receive, NULL))
		log_exit("Failed to start a thread: %m\n");
	pthread_sigmask(SIG_SETMASK, &before, NULL);

	while (!fuse_session_exited(session))
		sem_wait(&finished);

	pthread_cancel(receiver);
	pthread_join(receiver, NULL);
	end_queue();
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	return 0;
}

int serve_fairly(int count, char **arguments, const struct fuse_operations *operations, size_t size, void *data)
{
	struct fuse_args args = FUSE_ARGS_INIT(count, arguments);
	struct fuse_cmdline_opts options;
	struct fuse *fuse;
	int ret = -1;

	if (fuse_parse_cmdline(&args, &options))
		return -1;
	fuse = fuse_new(&args, operations, size, data);
	if (fuse && !fuse_mount(fuse, options.mountpoint)) {
		session = fuse_get_session(fuse);
		if (!fuse_daemonize(options.foreground) && !fuse_set_signal_handlers(session)) {
			ret = run();
			fuse_remove_signal_handlers(session);
		}
		fuse_unmount(fuse);
	}
	if (fuse)
		fuse_destroy(fuse);
	free(options.mountpoint);
	fuse_opt_free_args(&args);
	return ret;
}
