// Many threads write lines to a pipe that is read now and then, and then no more. Prints how many of them wait for a reader.
#include "additions.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define THREADS 16
#define PAGE 4096

// Each takes a page of the pipe, so that room for one is not room for two.
static char line[PAGE + 1];
static _Atomic int running = THREADS, ended;

static void *write_on(void *argument) {
  while (!ended)
    write_line(line);
  running--;
  return argument;
}

int main(void) {
  int ends[2], waited = 0;
  static char text[16 * PAGE];
  pthread_t thread;
  memset(line, 'a', sizeof line - 1);
  if (pipe(ends) || fcntl(ends[1], F_SETPIPE_SZ, 4 * PAGE) < 0 || dup2(ends[1], STDERR_FILENO) < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK))
    return 1;
  for (int index = 0; index < THREADS; index++)
    pthread_create(&thread, NULL, write_on, NULL);
  for (int round = 0; round < 2000; round++) {
    while (read(ends[0], text, sizeof text) > 0)
      ;
    usleep(500);
  }
  for (ended = 1; running && waited < 50; waited++)
    usleep(100000);
  printf("waiting=%d\n", running);
  fflush(stdout);
  _exit(0);
}
