// A user and a mount namespace of one's own, as anybody may have who may unshare.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void check(int failed, const char *what) {
  if (failed) {
    printf("%s: %s\n", what, strerror(errno));
    exit(71);
  }
}

static inline void put(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  check(file < 0 || write(file, text, strlen(text)) < 0, path);
  close(file);
}

// As root of it.
static inline void unshare_user(int flags) {
  char map[64];
  uid_t uid = getuid();
  gid_t gid = getgid();
  setvbuf(stdout, NULL, _IOLBF, 0);
  check(unshare(CLONE_NEWUSER | flags), "unshare");
  put("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "0 %u 1", uid);
  put("/proc/self/uid_map", map);
  snprintf(map, sizeof map, "0 %u 1", gid);
  put("/proc/self/gid_map", map);
}
