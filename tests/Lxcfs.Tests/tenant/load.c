// Load: many open files, chance, speed.
#include "tenant.h"
#include <dirent.h>
#include <sys/personality.h>
#include <sys/wait.h>

static const char *const files[] = {"cpuinfo", "diskstats", "loadavg", "meminfo", "slabinfo", "stat", "swaps", "uptime"};

// open-many FILE PROCESSES EACH: holds that many open until it is killed; first it prints how many were granted.
int open_many(int count, char **arguments) {
  int pipes[2], processes = count == 3 ? atoi(arguments[1]) : 0, opened = 0, refused = 0, error = 0;
  if (!processes || pipe(pipes))
    return 64;
  for (int index = 0; index < processes; index++) {
    if (fork())
      continue;
    int found[3] = {0, 0, 0};
    for (int file = 0; file < atoi(arguments[2]); file++) {
      if (open(arguments[0], O_RDONLY) >= 0)
        found[0]++;
      else
        found[1]++, found[2] = errno;
    }
    if (write(pipes[1], found, sizeof found) < 0)
      _exit(1);
    for (;;)
      pause();
  }
  for (int index = 0, found[3]; index < processes && read(pipes[0], found, sizeof found) == sizeof found; index++) {
    opened += found[0];
    refused += found[1];
    error = found[2] ? found[2] : error;
  }
  printf("opened=%d refused=%d error=%d\n", opened, refused, error);
  for (;;)
    pause();
}

static void read_randomly(const char *path, unsigned int *seed) {
  char text[16384];
  int descriptor = open(path, O_RDONLY | (rand_r(seed) % 8 ? 0 : O_DIRECT));
  for (int times = rand_r(seed) % 6; descriptor >= 0 && times; times--) {
    size_t size = 1 + (size_t)rand_r(seed) % sizeof text;
    ssize_t got = rand_r(seed) % 2 ? read(descriptor, text, size) : pread(descriptor, text, size, rand_r(seed) % 5000);
    if (got < 0 && errno == EIO)
      break;
  }
  if (descriptor >= 0 && rand_r(seed) % 50)
    close(descriptor);
}

static void list(const char *path) {
  DIR *folder = opendir(path);
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    struct stat found;
    fstatat(dirfd(folder), entry->d_name, &found, AT_SYMLINK_NOFOLLOW);
  }
  if (folder)
    closedir(folder);
}

static _Atomic int written;

static void write_to(const char *path) {
  int descriptor = open(path, O_RDWR);
  if (descriptor >= 0 && write(descriptor, "0\n", 2) > 0)
    written++;
  if (descriptor >= 0)
    close(descriptor);
}

static const char *root;
static double end;

static void *act_by_chance(void *argument) {
  unsigned int seed = (unsigned int)(uintptr_t)argument;
  static const char *const folders[] = {"", "/proc", "/sys", "/sys/devices/system/cpu", "/sys/devices/system/cpu/cpu0", "/nothing"};
  while (now() < end) {
    char path[256];
    struct stat found;
    int chance = rand_r(&seed) % 20;
    if (chance < 14)
      snprintf(path, sizeof path, "%s/proc/%s", root, files[(size_t)rand_r(&seed) % (sizeof files / sizeof *files)]);
    else
      snprintf(path, sizeof path, "%s/sys/devices/system/cpu/%s", root, rand_r(&seed) % 3 ? "online" : "possible");
    if (chance < 17)
      read_randomly(path, &seed);
    else if (chance == 17)
      stat(path, &found), access(path, rand_r(&seed) % 8);
    else if (chance == 18)
      list((snprintf(path, sizeof path, "%s%s", root, folders[(size_t)rand_r(&seed) % 6]), path));
    else
      write_to(path);
  }
  return NULL;
}

// fuzz ROOT SECONDS SEED: threads of processes that come and go act by chance on the whole tree of LXCFS.
int fuzz(int count, char **arguments) {
  if (count != 3)
    return 64;
  root = arguments[0];
  double whole = now() + atof(arguments[1]);
  unsigned int seed = (unsigned int)atoi(arguments[2]);
  int rounds = 0;
  for (; now() < whole; rounds++) {
    pid_t pids[3];
    for (int index = 0; index < 3; index++) {
      if ((pids[index] = fork()))
        continue;
      pthread_t threads[4];
      // Some are of another personality, which LXCFS takes on to read for them.
      if (index == 2)
        personality(PER_LINUX32);
      end = now() + 0.3 + (double)(rand_r(&seed) % 100) / 100;
      for (int thread = 0; thread < 4; thread++)
        pthread_create(&threads[thread], NULL, act_by_chance, (void *)(uintptr_t)(seed + (unsigned)(rounds * 100 + index * 10 + thread)));
      // Every other dies with its files open and its reads under way.
      if (index % 2)
        usleep(200000), _exit(0);
      for (int thread = 0; thread < 4; thread++)
        pthread_join(threads[thread], NULL);
      _exit(written > 0);
    }
    for (int index = 0, status; index < 3; index++)
      written += waitpid(pids[index], &status, 0) > 0 && status;
  }
  printf("rounds=%d written=%d\n", rounds, written);
  return 0;
}

static int by_size(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

// speed ROOT ROOT TIMES: opens, reads and closes each file, of one and the other by turns, and prints the median microseconds of each.
int speed(int count, char **arguments) {
  static char text[1 << 20];
  static double times[2][100000];
  int most = count == 3 ? atoi(arguments[2]) : 0;
  if (most < 1 || most > 100000)
    return 64;
  for (size_t index = 0; index <= sizeof files / sizeof *files; index++) {
    const char *name = index < sizeof files / sizeof *files ? files[index] : "online";
    for (int round = 0; round < 2 * most; round++) {
      char path[256];
      snprintf(path, sizeof path, "%s/%s%s", arguments[round % 2], *name == 'o' ? "sys/devices/system/cpu/" : "proc/", name);
      double start = now();
      int descriptor = open(path, O_RDONLY);
      while (read(descriptor, text, sizeof text) > 0)
        ;
      close(descriptor);
      times[round % 2][round / 2] = (now() - start) * 1e6;
    }
    for (int root = 0; root < 2; root++) {
      qsort(times[root], (size_t)most, sizeof **times, by_size);
      printf("%s-%d=%.1f ", name, root, times[root][most / 2]);
    }
  }
  printf("\n");
  return 0;
}

// first FILE: reads it once, and prints the microseconds that it took.
int first(int count, char **arguments) {
  char text[4096];
  if (count != 1)
    return 64;
  double start = now();
  int descriptor = open(arguments[0], O_RDONLY);
  if (read(descriptor, text, sizeof text) <= 0)
    return 1;
  printf("%.1f\n", (now() - start) * 1e6);
  return 0;
}

// again FILE TIMES: opens, reads and closes it so often.
int again(int count, char **arguments) {
  static char text[1 << 20];
  for (int times = count == 2 ? atoi(arguments[1]) : 0; times; times--) {
    int descriptor = open(arguments[0], O_RDONLY);
    if (descriptor < 0 || read(descriptor, text, sizeof text) <= 0 || read(descriptor, text, sizeof text))
      return 1;
    close(descriptor);
  }
  return 0;
}

static const char *flooded;

static void *read_again(void *held) {
  static _Thread_local char text[1 << 14];
  int descriptor = -1;
  for (;;) {
    if (descriptor < 0 && (descriptor = open(flooded, O_RDONLY)) < 0)
      usleep(1000);
    else if (pread(descriptor, text, sizeof text, 0) < 0)
      usleep(1000);
    if (descriptor >= 0 && !held)
      close(descriptor), descriptor = -1;
  }
  return NULL;
}

// flood FILE PROCESSES THREADS open|held: each thread opens, reads and closes FILE, or only reads it, for ever.
int flood(int count, char **arguments) {
  if (count != 4)
    return 64;
  flooded = arguments[0];
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 << 10);
  int processes = atoi(arguments[1]), threads = atoi(arguments[2]), begun = 0;
  for (int index = 1; index < processes; index++)
    if (!fork())
      break;
  for (pthread_t thread; begun < threads && !pthread_create(&thread, &small, read_again, arguments[3][0] == 'h' ? "" : NULL);)
    begun++;
  printf("threads=%d\n", begun);
  for (;;)
    pause();
}

// pace FILE SECONDS: opens, reads and closes FILE that long, and prints how often that was, and its median and longest milliseconds.
int pace(int count, char **arguments) {
  static char text[1 << 20];
  static double times[1 << 20];
  size_t most = sizeof times / sizeof *times, done = 0;
  if (count != 2)
    return 64;
  for (double start = now(), end = start + atof(arguments[1]); start < end && done < most; start = now()) {
    int descriptor = open(arguments[0], O_RDONLY);
    ssize_t length = read(descriptor, text, sizeof text);
    close(descriptor);
    if (length <= 0)
      return 1;
    times[done++] = (now() - start) * 1e3;
  }
  qsort(times, done, sizeof *times, by_size);
  printf("reads=%zu median=%.2f longest=%.2f\n", done, times[done / 2], times[done - 1]);
  return 0;
}
