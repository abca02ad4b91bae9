/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Each read from the start makes the whole text anew, in memory of its own, so that no other read of the same descriptor shares it.
 */

#include "config.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "additions.h"
#include "bindings.h"
#include "memory_utils.h"

#define MOST_TRIES 4
#define LARGEST_TEXT (64 << 20)

/* How large a text of each type has been: the next needs about as much. */
static _Atomic size_t usual_size[LXC_TYPE_MAX];

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

static int read_open_file(reader *read, const char *path, char *buf, size_t size, off_t offset, struct fuse_file_info *fi)
{
	__do_free char *text = NULL;
	struct file_info *file = INTTYPE_TO_PTR(fi->fh);
	struct open_file *open = file->ours;
	size_t length = 0;
	int ret = 0;

	if (!open || offset < 0)
		return -EINVAL;
	if (offset && read_kept_text(open, buf, size, offset, &ret))
		return ret;

	text = make_text(read, path, file, fi, &length, &ret);
	if (!text)
		return ret;
	ret = copy_text(buf, size, offset, text, length);
	keep_rest(open, &text, length, (size_t)offset + (size_t)ret);
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
