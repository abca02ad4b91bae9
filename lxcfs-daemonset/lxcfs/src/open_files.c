/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an open file holds: nothing but what a read of it left over, and its place in its container's account. */

#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "additions.h"
#include "bindings.h"
#include "memory_utils.h"

/* Bounds for a container: open files, and bytes kept for reads that go on. Beyond the second, each read makes the text anew. */
#define MOST_FILES 16384
#define MOST_BYTES (8 << 20)
/* Bounds for all of them: together less than half of what LXCFS's control group may use. */
#define MOST_FILES_OF_ALL 65536
#define MOST_BYTES_OF_ALL (16 << 20)
/* What each container has all the same, so that nobody can take it from the others. */
#define FEW_FILES 256
#define FEW_BYTES (64 << 10)

/* How many files a container has open. */
struct account {
	ino_t namespace;
	unsigned int files;
	size_t bytes;
	struct account *next;
};

struct open_file {
	struct asker opener;
	struct account *account;
	pthread_mutex_t lock;
	/* What the last read from the start made, while there are bytes of it that nobody has read. */
	char *text;
	size_t length;
	/* The length of the last text, also when it is not kept; 0 before. */
	size_t end;
};

#define BUCKETS 1024
static struct account *accounts[BUCKETS];
static size_t bytes_of_all;
static unsigned int files_of_all;
static pthread_mutex_t accounts_lock = PTHREAD_MUTEX_INITIALIZER;

int open_file_begin(struct file_info *file, const struct asker *opener)
{
	struct open_file *open = zalloc(sizeof(*open));
	struct account *account;
	/* All whose container can't be seen are counted together. */
	ino_t namespace = opener->container;
	int ret = 0;

	if (!open || pthread_mutex_init(&open->lock, NULL)) {
		free(open);
		return -ENOMEM;
	}
	pthread_mutex_lock(&accounts_lock);
	for (account = accounts[namespace % BUCKETS]; account && account->namespace != namespace;)
		account = account->next;
	if (!account && (account = zalloc(sizeof(*account)))) {
		account->namespace = namespace;
		account->next = accounts[namespace % BUCKETS];
		accounts[namespace % BUCKETS] = account;
	}
	if (!account)
		ret = -ENOMEM;
	else if (account->files >= MOST_FILES || (files_of_all >= MOST_FILES_OF_ALL && account->files >= FEW_FILES))
		ret = -ENFILE;
	if (!ret) {
		account->files++;
		files_of_all++;
	}
	pthread_mutex_unlock(&accounts_lock);

	if (ret) {
		pthread_mutex_destroy(&open->lock);
		free(open);
		return ret;
	}
	open->opener = *opener;
	open->account = account;
	file->ours = open;
	return 0;
}

/* Whether that many bytes more may be kept. */
static bool reserve(struct account *account, size_t bytes)
{
	bool granted;

	pthread_mutex_lock(&accounts_lock);
	granted = account->bytes + bytes <= MOST_BYTES &&
		  (bytes_of_all + bytes <= MOST_BYTES_OF_ALL || account->bytes + bytes <= FEW_BYTES);
	if (granted) {
		account->bytes += bytes;
		bytes_of_all += bytes;
	}
	pthread_mutex_unlock(&accounts_lock);
	return granted;
}

static void release(struct account *account, size_t bytes)
{
	pthread_mutex_lock(&accounts_lock);
	account->bytes -= bytes;
	bytes_of_all -= bytes;
	pthread_mutex_unlock(&accounts_lock);
}

/* With the file's lock. */
static void forget_text(struct open_file *open)
{
	if (open->text)
		release(open->account, open->length);
	free_disarm(open->text);
}

/* With the file's lock: keeps a text, or only its length. */
static void keep_text(struct open_file *open, char **text, size_t length)
{
	__do_free char *fitting = NULL;

	forget_text(open);
	open->end = length;
	fitting = realloc(*text, length);
	if (fitting)
		*text = NULL;
	if (fitting && reserve(open->account, length)) {
		open->text = move_ptr(fitting);
		open->length = length;
	}
}

void open_file_end(struct file_info *file)
{
	struct open_file *open = file->ours;
	struct account **account;

	/* Files of control groups and folders have none. */
	if (!open)
		return;
	file->ours = NULL;
	forget_text(open);
	pthread_mutex_destroy(&open->lock);

	pthread_mutex_lock(&accounts_lock);
	files_of_all--;
	if (--open->account->files == 0) {
		for (account = &accounts[open->account->namespace % BUCKETS]; *account != open->account;)
			account = &(*account)->next;
		*account = open->account->next;
		free(open->account);
	}
	pthread_mutex_unlock(&accounts_lock);
	free(open);
}

const struct asker *opener_of(const struct file_info *file)
{
	return file->ours ? &file->ours->opener : NULL;
}

int copy_text(char *buf, size_t size, off_t offset, const char *text, size_t length)
{
	if ((size_t)offset >= length)
		return 0;
	if (size > length - (size_t)offset)
		size = length - (size_t)offset;
	memcpy(buf, text + offset, size);
	return (int)size;
}

bool read_kept_text(struct open_file *open, char *buf, size_t size, off_t offset, int *ret)
{
	bool known;

	*ret = 0;
	pthread_mutex_lock(&open->lock);
	known = open->text || (open->end && (size_t)offset >= open->end);
	if (open->text) {
		*ret = copy_text(buf, size, offset, open->text, open->length);
		if ((size_t)offset + size >= open->length)
			forget_text(open);
	}
	pthread_mutex_unlock(&open->lock);
	return known;
}

void keep_rest(struct open_file *open, char **text, size_t length, size_t end)
{
	pthread_mutex_lock(&open->lock);
	if (end < length) {
		keep_text(open, text, length);
	} else {
		forget_text(open);
		open->end = length;
	}
	pthread_mutex_unlock(&open->lock);
}
