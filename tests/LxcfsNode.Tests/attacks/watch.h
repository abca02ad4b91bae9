// What every attack ends with: a child that tries all the time to write the node's core_pattern, as whoever has escaped would.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Writes the value that it already has: the proof without the harm.
static inline void watch_core_pattern(void) {
  const char *path = "/proc/sys/kernel/core_pattern";
  for (;; usleep(50000)) {
    char value[256];
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
      continue;
    ssize_t length = pread(file, value, sizeof value, 0);
    ssize_t written = pwrite(file, value, (size_t)length, 0);
    printf("ESCAPED: %zd bytes of %s written: %s\n", written, path, written < 0 ? strerror(errno) : "done");
    close(file);
    return;
  }
}

// In a child, which stays where the caller was; it ends with the caller's container.
static inline void start_watch(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (fork() == 0) {
    watch_core_pattern();
    for (;;)
      pause();
  }
}
