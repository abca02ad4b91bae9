// exchange COUNT A B [JAIL]: exchanges the names A0 and B0, A1 and B1 ... for ever, in the hope that somebody looks at one and works on
// the other. JAIL: changes its root to this folder before.
#include <stdlib.h>
#include <sys/syscall.h>

#include "watch.h"

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

int main(int count, char **arguments) {
  if (count < 4)
    return 64;
  start_watch();
  if (count > 4 && (chroot(arguments[4]) || chdir("/"))) {
    perror("chroot");
    return 71;
  }
  int pairs = atoi(arguments[1]);
  puts("exchanging");
  for (unsigned long turn = 0;; turn++) {
    char one[512], other[512];
    int pair = (int)(turn % (unsigned long)pairs);
    snprintf(one, sizeof one, "%s%d", arguments[2], pair);
    snprintf(other, sizeof other, "%s%d", arguments[3], pair);
    if (syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE)) {
      perror("renameat2");
      return 71;
    }
    // One processor of the node is for whoever is to be caught.
    if (pair == pairs - 1)
      usleep(20);
  }
}
