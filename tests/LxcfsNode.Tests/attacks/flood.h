// Many mounts of one file in a mount namespace of one's own.
#include "own.h"

// Binds FILE over so many files of a tmpfs. Returns how many it was let.
static inline int flood(int mounts, const char *file) {
  int made = 0;
  setvbuf(stdout, NULL, _IOLBF, 0);
  check(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
  check(mount("flood", "/tmp", "tmpfs", 0, "nr_inodes=0"), "tmpfs");
  for (; made < mounts; made++) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/%06d", made);
    int place = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    check(place < 0, path);
    close(place);
    if (mount(file, path, NULL, MS_BIND, NULL)) {
      printf("bind: %s\n", strerror(errno));
      break;
    }
  }
  return made;
}
