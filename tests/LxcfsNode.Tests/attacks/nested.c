// nested user|proc: a mount namespace of its own inside of a container, as build tools and sandboxes make it: user has the container's
// mounts locked in a user namespace, proc mounts a new proc over /proc, which hides the files.
#include <sys/wait.h>

#include "own.h"

int main(int count, char **arguments) {
  if (count != 2)
    return 64;
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (!strcmp(arguments[1], "user"))
    unshare_user(CLONE_NEWNS);
  else {
    check(unshare(CLONE_NEWNS | CLONE_NEWPID), "unshare");
    if (fork()) {
      wait(NULL);
      return 71;
    }
    check(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
    check(mount("proc", "/proc", "proc", 0, NULL), "proc");
  }
  puts("nested");
  for (;;)
    pause();
}
