// mount-flood user|root MOUNTS COPIES FILE: binds FILE over MOUNTS files of a tmpfs, in a user namespace of its own or, as root of the
// node, without one; and COPIES further mount namespaces have the same.
#include "own.h"

int main(int count, char **arguments) {
  if (count != 5)
    return 64;
  int mounts = atoi(arguments[2]), copies = atoi(arguments[3]), made = 0;
  if (!strcmp(arguments[1], "user"))
    unshare_user(CLONE_NEWNS);
  else
    check(unshare(CLONE_NEWNS), "unshare");
  setvbuf(stdout, NULL, _IOLBF, 0);
  check(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
  check(mount("flood", "/tmp", "tmpfs", 0, "nr_inodes=0"), "tmpfs");
  for (; made < mounts; made++) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/%06d", made);
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    check(file < 0, path);
    close(file);
    if (mount(arguments[4], path, NULL, MS_BIND, NULL)) {
      printf("bind: %s\n", strerror(errno));
      break;
    }
  }
  int copy = 0;
  for (; copy < copies; copy++) {
    pid_t child = fork();
    if (child < 0) {
      printf("fork: %s\n", strerror(errno));
      break;
    }
    if (child == 0) {
      check(unshare(CLONE_NEWNS), "copy");
      for (;;)
        pause();
    }
  }
  printf("flooded: %d mounts, %d copies\n", made, copy);
  for (;;)
    pause();
}
