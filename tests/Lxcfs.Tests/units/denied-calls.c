// Makes, with the filter on, calls that it denies, and prints what they returned. What it says is on stderr.
#include "additions.h"
#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static char stack[1 << 16];

__attribute__((noreturn)) static int in_a_namespace(void *argument) {
  (void)argument;
  for (;;)
    pause();
}

int main(void) {
  int unknown = 0, kept = 0;
  pid_t parent = getppid();
  keep_few_capabilities();
  begin_filter();
  for (int round = 0; round < 1000; round++)
    unknown += syscall(100000) == -1 && errno == EPERM;
  static const int namespaces[] = {CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
  for (size_t index = 0; index < sizeof namespaces / sizeof *namespaces; index++)
    kept += clone(in_a_namespace, stack + sizeof stack, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND | namespaces[index], NULL) == -1;
  int itself = syscall(SYS_tgkill, getpid(), getpid(), 0) == 0, other = syscall(SYS_tgkill, parent, parent, 0) == 0;
  printf("unknown=%d namespaces=%d itself=%d other=%d\n", unknown, kept, itself, other);
  fflush(stdout);
  _exit(0);
}
