// chroot-jail FOLDER: the first process of an ordinary container changes its root to a folder, so that its mountinfo tells paths
// below that folder as if they were the container's own.
#include <sys/wait.h>

#include "watch.h"

int main(int count, char **arguments) {
  if (count != 2)
    return 64;
  start_watch();
  if (chroot(arguments[1]) || chdir("/")) {
    perror("chroot");
    return 71;
  }
  puts("jailed");
  for (;;)
    if (wait(NULL) < 0)
      pause();
}
