/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Threads that receive requests and answer them, containers in turns, instead of libfuse's own. One receives as long as there is one, so
 * that who has a right to the next turn is known.
 */

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
#include "bindings.h"
#include "macro.h"

#define THREADS 17

static struct fuse_session *session;
/* What each of them receives. */
static struct fuse_buf buffers[THREADS];
static pthread_barrier_t begun;
static sem_t finished;

static const struct asker nobody;
static __thread const struct asker *asker_now;

const struct asker *current_asker(void)
{
	return asker_now ?: &nobody;
}

/* A read takes no longer than it takes, and ends no sooner for a signal: -ENOSYS says not to tell of them. */
static void refuse_interrupts(const struct fuse_in_header *header)
{
	struct fuse_out_header answer = {.len = sizeof(answer), .error = -ENOSYS, .unique = header->unique};
	ssize_t ignored __attribute__((unused)) = write(fuse_session_fd(session), &answer, sizeof(answer));
}

/* Into the buffer; 0 at the end. */
static size_t receive(struct fuse_buf *buffer)
{
	int size = -EINTR;

	while (size == -EINTR && !fuse_session_exited(session)) {
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
		size = fuse_session_receive_buf(session, buffer);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	}
	if (size > 0)
		return (size_t)size;
	fuse_session_exit(session);
	sem_post(&finished);
	return 0;
}

/*
 * Most of what is asked is to read an open file, and most often where it was opened: then its container is the same. Who got it from
 * another namespace is looked for, or it would have that one's turns.
 */
static struct asker asker_of_request(const struct fuse_in_header *header)
{
	if (header->opcode == FUSE_READ) {
		const struct fuse_read_in *read = (const void *)(header + 1);
		const struct asker *opener = opener_of(INTTYPE_TO_PTR(read->fh));

		if (opener && opener->namespace && is_in_namespace((pid_t)header->pid, opener->namespace))
			return *opener;
	}
	return asker_of((pid_t)header->pid);
}

static void answer(struct fuse_buf *buffer, const struct asker *asker)
{
	asker_now = asker;
	fuse_session_process_buf(session, buffer);
	asker_now = NULL;
}

/* Receives until one is for this thread to answer. */
static struct request *receive_request(struct fuse_buf *buffer)
{
	struct request *request = NULL;
	size_t size;

	while (!request && !fuse_session_exited(session) && (size = receive(buffer))) {
		const struct fuse_in_header *header = buffer->mem;
		struct asker asker;

		if (header->opcode == FUSE_INTERRUPT) {
			refuse_interrupts(header);
			continue;
		}
		/* To wait would take longer. Nobody asks for one without an open before it, and the kernel does not say who does. */
		if (header->opcode == FUSE_RELEASE) {
			answer(buffer, &nobody);
			continue;
		}
		asker = asker_of_request(header);
		if (queue_request(asker, header, size))
			request = stop_receiving();
		else
			answer(buffer, &asker);
	}
	return request;
}

static void *serve(void *argument)
{
	struct fuse_buf *buffer = argument;
	struct request *request;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	/* The first request, INIT, takes what LXCFS starts with, and brings the filter, behind which no thread begins. */
	if (buffer != buffers)
		keep_reading_capabilities();
	pthread_barrier_wait(&begun);
	if (buffer == buffers && receive(buffer))
		fuse_session_process_buf(session, buffer);
	pthread_barrier_wait(&begun);

	while ((request = take_request() ?: receive_request(buffer))) {
		struct fuse_buf text = {.mem = request->text, .size = request->size};

		answer(&text, &request->asker);
		end_request(request);
	}
	return NULL;
}

static int run(void)
{
	pthread_t threads[THREADS];
	sigset_t ending, before;

	if (sem_init(&finished, 0, 0) || pthread_barrier_init(&begun, NULL, THREADS))
		return -1;
	/* The first thread is told to end, and no other. */
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGQUIT);
	pthread_sigmask(SIG_BLOCK, &ending, &before);
	for (int i = 0; i < THREADS; i++)
		if ((errno = pthread_create(&threads[i], NULL, serve, &buffers[i])))
			log_exit("Failed to start a thread: %m\n");
	pthread_sigmask(SIG_SETMASK, &before, NULL);

	while (!fuse_session_exited(session))
		sem_wait(&finished);

	end_queue();
	for (int i = 0; i < THREADS; i++)
		pthread_cancel(threads[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
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
