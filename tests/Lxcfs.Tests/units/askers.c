// A process of a pid namespace, and one of a namespace within it: prints whether both count as one, and who is taken for whom.
#include "additions.h"
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int pipes[2];

static void hold(void) {
  for (;;)
    pause();
}

// Has a child in a pid namespace of its own, which has one in its turn, and so on; each writes its number, as /proc has it.
static void nest(int depth) {
  for (; depth; depth--) {
    char self[16] = "";
    pid_t child = unshare(CLONE_NEWPID) ? -1 : fork();
    if (child)
      hold();
    if (readlink("/proc/self", self, sizeof self - 1) < 0 || write(pipes[1], self, sizeof self) < 0)
      _exit(1);
  }
  hold();
}

static pid_t next(void) {
  char number[16];
  return read(pipes[0], number, sizeof number) == sizeof number ? atoi(number) : -1;
}

int main(void) {
  pid_t top, outer, inner;
  if (pipe(pipes) || (top = fork()) < 0)
    return 1;
  if (!top)
    nest(2);
  outer = next(), inner = next();
  struct asker ours = asker_of(getpid()), its = asker_of(outer), nested = asker_of(inner), none = asker_of(0), gone;
  printf("one container=%d, not ours=%d, two namespaces=%d\n", its.container == nested.container && its.container == its.namespace,
         its.container != ours.container, its.namespace != nested.namespace && nested.namespace != 0);
  printf("itself=%d%d%d others=%d%d%d nobody=%d%d\n", is_in_namespace(getpid(), ours.namespace), is_in_namespace(outer, its.namespace),
         is_in_namespace(inner, nested.namespace), is_in_namespace(inner, its.namespace), is_in_namespace(outer, nested.namespace),
         is_in_namespace(getpid(), its.namespace), is_in_namespace(0, ours.namespace), none.container || none.namespace);
  kill(inner, SIGKILL), kill(outer, SIGKILL), kill(top, SIGKILL), waitpid(top, NULL, 0);
  gone = asker_of(top);
  printf("gone=%d%d\n", gone.container || gone.namespace, is_in_namespace(top, ours.namespace));
  return 0;
}
