// fork-storm WORKERS: processes that end as soon as they are there, so that their numbers come around.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count != 2)
    return 64;
  for (int worker = 1; worker < atoi(arguments[1]); worker++)
    if (fork() == 0)
      break;
  for (;;) {
    pid_t child = fork();
    if (child == 0)
      _exit(0);
    if (child > 0)
      waitpid(child, NULL, 0);
  }
}
