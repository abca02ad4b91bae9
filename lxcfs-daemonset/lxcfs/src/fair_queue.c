/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests wait by container, and containers take turns: what one asks ten thousand times holds up nobody but itself. The kernel's own
 * queue has one line for all.
 */

#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "additions.h"

/* Of all that wait together; beyond it they wait in the kernel, in one line. A read is 80 bytes, a name up to 255 more. */
#define MOST_BYTES (8 << 20)

struct container {
	ino_t namespace;
	unsigned int running;
	struct request *first, **last;
	/* Of its bucket. */
	struct container *next;
	/* Of those that wait for their turn. */
	struct container *behind;
};

#define BUCKETS 1024
static struct container *containers[BUCKETS];
static struct container *turns, **last_turn = &turns;
static size_t bytes;
static bool ended;
/* How many threads receive, and how many wait for something to do. */
static unsigned int receiving, idle;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER, room = PTHREAD_COND_INITIALIZER;

/* With the lock, as all down to take. */
static struct container *find(ino_t namespace)
{
	struct container **bucket = &containers[namespace % BUCKETS], *container = *bucket;

	while (container && container->namespace != namespace)
		container = container->next;
	if (!container && (container = malloc(sizeof(*container)))) {
		*container = (struct container){.namespace = namespace, .last = &container->first, .next = *bucket};
		*bucket = container;
	}
	return container;
}

static void forget_idle(struct container *container)
{
	struct container **place = &containers[container->namespace % BUCKETS];

	if (container->first || container->running)
		return;
	while (*place != container)
		place = &(*place)->next;
	*place = container->next;
	free(container);
}

static void append_turn(struct container *container)
{
	container->behind = NULL;
	*last_turn = container;
	last_turn = &container->behind;
}

static void remove_turn(struct container **place)
{
	if (last_turn == &(*place)->behind)
		last_turn = place;
	*place = (*place)->behind;
}

/* The first in turn that may have one more at work. */
static struct request *next_request(void)
{
	for (struct container **place = &turns; *place; place = &(*place)->behind) {
		struct container *container = *place;
		struct request *request = container->first;

		if (container->running >= MOST_WORKERS_OF_A_CONTAINER)
			continue;
		remove_turn(place);
		container->running++;
		container->first = request->next;
		if (container->first)
			append_turn(container);
		else
			container->last = &container->first;
		return request;
	}
	return NULL;
}

bool queue_request(struct asker asker, const void *text, size_t size)
{
	struct request *request = malloc(sizeof(*request) + size);
	struct container *container;

	if (!request)
		return false;
	*request = (struct request){.asker = asker, .size = size};
	memcpy(request->text, text, size);

	pthread_mutex_lock(&lock);
	while (bytes >= MOST_BYTES && !ended)
		pthread_cond_wait(&room, &lock);
	container = request->container = find(asker.container);
	if (container) {
		if (!container->first)
			append_turn(container);
		*container->last = request;
		container->last = &request->next;
		bytes += size;
	}
	pthread_mutex_unlock(&lock);
	if (!container)
		free(request);
	return container;
}

static struct request *take(void)
{
	struct request *request = next_request();

	if (request) {
		bytes -= request->size;
		pthread_cond_signal(&room);
	}
	return request;
}

struct request *take_request(void)
{
	struct request *request;

	pthread_mutex_lock(&lock);
	idle++;
	while (!(request = take()) && receiving >= MOST_RECEIVERS && !ended)
		pthread_cond_wait(&work, &lock);
	idle--;
	if (!request)
		receiving++;
	pthread_mutex_unlock(&lock);
	return request;
}

struct request *stop_receiving(void)
{
	struct request *request = NULL;

	pthread_mutex_lock(&lock);
	if ((receiving > 1 || idle) && (request = take()) && !--receiving)
		pthread_cond_signal(&work);
	pthread_mutex_unlock(&lock);
	return request;
}

void end_request(struct request *request)
{
	pthread_mutex_lock(&lock);
	request->container->running--;
	forget_idle(request->container);
	pthread_mutex_unlock(&lock);
	free(request);
}

void end_queue(void)
{
	pthread_mutex_lock(&lock);
	ended = true;
	pthread_cond_broadcast(&work);
	pthread_cond_broadcast(&room);
	pthread_mutex_unlock(&lock);
}
