// Prints what LXCFS shows to a container.
#include "tenant.h"
#include <sys/mman.h>

static const char *const files[] = {
    "proc/cpuinfo", "proc/diskstats", "proc/loadavg", "proc/meminfo",  "proc/slabinfo",
    "proc/stat",    "proc/swaps",     "proc/uptime",  "sys/devices/system/cpu/online",
};

// print ROOT ...: all files of each LXCFS, "== ROOT/FILE" before each. Read twice: a first read begins to count.
int print(int count, char **arguments) {
  static char text[1 << 20];
  for (int index = 0; index < 2 * count; index++) {
    for (size_t file = 0; file < sizeof files / sizeof *files; file++) {
      char path[512];
      snprintf(path, sizeof path, "%s/%s", arguments[index % count], files[file]);
      int descriptor = open(path, O_RDONLY);
      ssize_t length = read(descriptor, text, sizeof text - 1);
      close(descriptor);
      if (index < count)
        continue;
      printf("== %s\n", path);
      fwrite(text, 1, length > 0 ? (size_t)length : 0, stdout);
    }
  }
  return 0;
}

static int read_stat(int count, char **arguments) {
  for (int index = 0; index < count; index++) {
    char path[512];
    snprintf(path, sizeof path, "%s/proc/stat", arguments[index]);
    int descriptor = open(path, O_RDONLY);
    if (read(descriptor, path, sizeof path) < 0)
      return 0;
    close(descriptor);
  }
  return 1;
}

static double used(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// burn SECONDS ROOT ...: uses a processor for that long, by its own account, waits until what is unused is forgotten, and prints; then
// "== used", with what it used since its first read, before and after it printed: where a system call is slow, its reads cost it more.
int burn(int count, char **arguments) {
  if (count < 2)
    return 64;
  // In one go at the end: what this prints is no part of what it used.
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  double first = used();
  if (!read_stat(count - 1, arguments + 1))
    return 1;
  while (used() - first < atof(arguments[0]))
    ;
  if (!read_stat(count - 1, arguments + 1))
    return 1;
  sleep(12);
  double before = used() - first;
  if (print(count - 1, arguments + 1))
    return 1;
  printf("== used\n%.2f %.2f\n", before, used() - first);
  return 0;
}

static void print_files(const char *when, int count, char **paths) {
  static char text[1 << 16];
  for (int index = 0; index < count; index++) {
    int descriptor = open(paths[index], O_RDONLY);
    ssize_t length = read(descriptor, text, sizeof text);
    close(descriptor);
    printf("== %s %s\n", when, paths[index]);
    fwrite(text, 1, length > 0 ? (size_t)length : 0, stdout);
  }
}

// use FILE CHILDREN COUNT OTHER ... ROOT ...: uses 24 MiB of its own, 8 that it shares, and 16 as FILE, with that many other processes,
// waits until load averages are told, and prints all files of each LXCFS, and COUNT others before and after them.
int use(int count, char **arguments) {
  enum { MEBIBYTE = 1 << 20, HUGE = 2 * MEBIBYTE };
  static char block[MEBIBYTE];
  int others = count < 4 ? 0 : atoi(arguments[2]), roots = count - 3 - others;
  if (roots < 1)
    return 64;
  char *own = mmap(NULL, 24 * MEBIBYTE + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *shared = mmap(NULL, 8 * MEBIBYTE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (own == MAP_FAILED || shared == MAP_FAILED)
    return 1;
  own += HUGE - (uintptr_t)own % HUGE;
  madvise(own, 24 * MEBIBYTE, MADV_HUGEPAGE);
  memset(own, 1, 24 * MEBIBYTE);
  memset(shared, 1, 8 * MEBIBYTE);
  int file = open(arguments[0], O_WRONLY | O_CREAT | O_TRUNC, 0600);
  for (int index = 0; index < 16; index++)
    if (write(file, block, sizeof block) != sizeof block)
      return 1;
  if (fsync(file))
    return 1;
  for (int index = 0; index < atoi(arguments[1]); index++)
    if (!fork())
      return pause();
  setvbuf(stdout, NULL, _IOFBF, 1 << 20);
  for (int index = 0; index < roots; index++) {
    snprintf(block, sizeof block, "%s/proc/loadavg", arguments[3 + others + index]);
    int descriptor = open(block, O_RDONLY);
    if (read(descriptor, block, sizeof block) < 0)
      return 1;
    close(descriptor);
  }
  // They are counted every five seconds.
  sleep(11);
  print_files("before", others, arguments + 3);
  print(roots, arguments + 3 + others);
  print_files("after", others, arguments + 3);
  return 0;
}
