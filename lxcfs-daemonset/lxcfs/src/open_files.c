/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an open file holds: nothing but what a read of it left over. Each read from the start makes the whole text anew, in
 * memory of its own, so that no other read of the same descriptor shares it.
 */

#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
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

#define MOST_TRIES 4
#define LARGEST_TEXT (64 << 20)

/* How many files a container has open. */
struct account {
	ino_t namespace;
	unsigned int files;
	size_t bytes;
	struct account *next;
};

struct open_file {
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

/* How large a text of each type has been: the next needs about as much. */
static _Atomic size_t usual_size[LXC_TYPE_MAX];

int open_file_begin(struct file_info *file, pid_t process)
{
	struct open_file *open = zalloc(sizeof(*open));
	struct account *account;
	/* All whose container can't be seen are counted together. */
	ino_t namespace = container_of(process);
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

typedef int reader(const char *path, char *buf, size_t size, off_t offset, struct fuse_file_info *fi);

static size_t size_now(const char *path)
{
	__do_fclose FILE *file = fopen(path, "re");
	char block[4096];
	size_t size = 0, got;

	while (file && (got = fread(block, 1, sizeof(block), file)))
		size += got;
	return size;
}

/* The whole text of a file; NULL with an error, or without one (0) where LXCFS has none. */
static char *make_text(reader *read, const char *path, struct file_info *file, const struct fuse_file_info *fi, size_t *length, int *error)
{
	_Atomic size_t *usual = &usual_size[file->type];
	size_t room = *usual ?: size_now(path) + 4096;

	*error = 0;
	for (int i = 0; i < MOST_TRIES && room <= LARGEST_TEXT; i++) {
		__do_free char *text = malloc(room);
		struct file_info whole = {.type = file->type, .buf = text, .buflen = room, .size = room};
		struct fuse_file_info own = *fi;

		if (!text) {
			*error = -ENOMEM;
			return NULL;
		}
		own.fh = PTR_TO_UINT64(&whole);
		/* The answer is in the file's own buffer; no byte is asked for. */
		*error = read(path, text, 0, 0, &own);
		/* On s390x the text ends up in another one. */
		text = whole.buf;
		if (*error < 0)
			return NULL;
		/* /proc/stat, and nothing else, calls itself whole and empty where it finds too little room. */
		if (whole.size ? whole.cached : file->type != LXC_TYPE_PROC_STAT) {
			*length = whole.size;
			if (*length + *length / 4 + 1024 > *usual)
				*usual = *length + *length / 4 + 1024;
			return move_ptr(text);
		}
		/* It has grown since the last, or has none now. */
		room = 2 * room + size_now(path);
	}
	return NULL;
}

static int copy(char *buf, size_t size, off_t offset, const char *text, size_t length)
{
	if ((size_t)offset >= length)
		return 0;
	if (size > length - (size_t)offset)
		size = length - (size_t)offset;
	memcpy(buf, text + offset, size);
	return (int)size;
}

static int read_open_file(reader *read, const char *path, char *buf, size_t size, off_t offset, struct fuse_file_info *fi)
{
	__do_free char *text = NULL;
	struct file_info *file = INTTYPE_TO_PTR(fi->fh);
	struct open_file *open = file->ours;
	size_t length = 0;
	bool known = false;
	int ret = 0;

	if (!open || offset < 0)
		return -EINVAL;
	if (offset) {
		pthread_mutex_lock(&open->lock);
		known = open->text || (open->end && (size_t)offset >= open->end);
		if (open->text) {
			ret = copy(buf, size, offset, open->text, open->length);
			if ((size_t)offset + size >= open->length)
				forget_text(open);
		}
		pthread_mutex_unlock(&open->lock);
		if (known)
			return ret;
	}

	text = make_text(read, path, file, fi, &length, &ret);
	if (!text)
		return ret;
	ret = copy(buf, size, offset, text, length);
	pthread_mutex_lock(&open->lock);
	if (offset + (size_t)ret < length) {
		keep_text(open, &text, length);
	} else {
		forget_text(open);
		open->end = length;
	}
	pthread_mutex_unlock(&open->lock);
	return ret;
}

/* Upstream's proc_read and sys_read, by the names that a change gives them. */
extern reader proc_read_upstream, sys_read_upstream;

int proc_read(const char *path, char *buf, size_t size, off_t offset, struct fuse_file_info *fi)
{
	return read_open_file(proc_read_upstream, path, buf, size, offset, fi);
}

int sys_read(const char *path, char *buf, size_t size, off_t offset, struct fuse_file_info *fi)
{
	return read_open_file(sys_read_upstream, path, buf, size, offset, fi);
}
