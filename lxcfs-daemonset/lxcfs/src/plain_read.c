/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small file as a text. stdio asks the kernel for a descriptor's flags and attributes before it reads, for a buffer of its own. */

#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "additions.h"
#include "memory_utils.h"

#define FIRST_ROOM 4096

char *read_text_at(int folder, const char *path, int flags)
{
	__do_close int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | flags);
	__do_free char *text = NULL;
	size_t length = 0, room = 0;
	ssize_t got = fd < 0 ? 0 : 1;

	while (got > 0) {
		if (length + 1 >= room) {
			char *larger = realloc(text, room ? 2 * room : FIRST_ROOM);

			if (!larger)
				return NULL;
			room = room ? 2 * room : FIRST_ROOM;
			text = larger;
		}
		got = read(fd, text + length, room - length - 1);
		if (got > 0)
			length += (size_t)got;
	}
	if (!length)
		return NULL;
	text[length] = '\0';
	return move_ptr(text);
}
