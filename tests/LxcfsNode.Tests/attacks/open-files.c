// open-files PROCESSES EACH FILE: holds a file open PROCESSES times EACH, or as often as it is let.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count != 4)
    return 64;
  int processes = atoi(arguments[1]), each = atoi(arguments[2]);
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (int process = 0; process < processes; process++) {
    pid_t child = fork();
    if (child < 0) {
      printf("fork: %s\n", strerror(errno));
      break;
    }
    if (child == 0) {
      // The file may be away for a moment: whoever wants it open tries again.
      for (int opened = 0; opened < each;)
        if (open(arguments[3], O_RDONLY) >= 0)
          opened++;
        else if (errno == EMFILE || errno == ENFILE)
          break;
        else
          usleep(10000);
      printf("opened\n");
      for (;;)
        pause();
    }
  }
  for (;;)
    if (wait(NULL) < 0)
      pause();
}
