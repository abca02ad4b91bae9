// as-user UID PROGRAM [ARGUMENT ...]: an ordinary user, without any capability.
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count < 3)
    return 64;
  unsigned int id = (unsigned int)atoi(arguments[1]);
  if (setgroups(0, NULL) || setgid(id) || setuid(id)) {
    perror("setuid");
    return 71;
  }
  execv(arguments[2], arguments + 2);
  perror(arguments[2]);
  return 71;
}
