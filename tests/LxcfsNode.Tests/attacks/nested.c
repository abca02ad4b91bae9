// nested user|proc|both: a mount namespace of its own inside of a container, as build tools and sandboxes make it: user has the
// container's mounts locked in a user namespace, proc mounts a new proc over /proc, which hides the files.
#include <sys/wait.h>

#include "own.h"

int main(int count, char **arguments) {
  if (count != 2)
    return 64;
  int user = strcmp(arguments[1], "proc"), proc = strcmp(arguments[1], "user");
  int flags = CLONE_NEWNS | (proc ? CLONE_NEWPID : 0);
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (user)
    unshare_user(flags);
  else
    check(unshare(flags), "unshare");
  if (proc) {
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
