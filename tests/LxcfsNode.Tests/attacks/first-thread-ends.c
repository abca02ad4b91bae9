// first-thread-ends: the first thread ends and a second one reads /proc/meminfo all the time: a legal program, of
// which /proc shows a zombie without mounts. Prints each change between "reads" and an error.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void *work(void *unused) {
  (void)unused;
  int last = -1;
  for (;; usleep(2000)) {
    char text[64];
    int file = open("/proc/meminfo", O_RDONLY | O_CLOEXEC), error = 0;
    if (file < 0 || read(file, text, sizeof text) <= 0)
      error = errno ? errno : EIO;
    if (file >= 0)
      close(file);
    if (error != last)
      puts(error ? strerror(error) : "reads");
    last = error;
  }
  return NULL;
}

int main(void) {
  pthread_t thread;
  setvbuf(stdout, NULL, _IOLBF, 0);
  pthread_create(&thread, NULL, work, NULL);
  pthread_exit(NULL);
}
