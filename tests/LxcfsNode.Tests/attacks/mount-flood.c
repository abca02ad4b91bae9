// mount-flood user|root MOUNTS COPIES FILE: binds FILE over MOUNTS files of a tmpfs, in a user namespace of its own or, as root of the
// node, without one; and COPIES further mount namespaces have the same.
#include "flood.h"

int main(int count, char **arguments) {
  if (count != 5)
    return 64;
  int mounts = atoi(arguments[2]), copies = atoi(arguments[3]);
  if (!strcmp(arguments[1], "user"))
    unshare_user(CLONE_NEWNS);
  else
    check(unshare(CLONE_NEWNS), "unshare");
  int made = flood(mounts, arguments[4]);
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
