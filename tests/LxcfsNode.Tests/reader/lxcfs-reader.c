// Reads what LXCFS serves, again and again, as the init process of a container: lxcfs-reader REPORT KILOBYTES CPUS PAUSE
//
// REPORT: a file of one page, made where it is not there, and shared with the test that reads it while this runs (see ReaderReport.cs).
// KILOBYTES, CPUS: what the container's limits make right. PAUSE: microseconds between two rounds.
// Static and without a dependency, so that it runs in an image that has nothing else.
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct report {
  _Atomic uint64_t rounds, reads, failures, wrong;
  // Nanoseconds of CLOCK_MONOTONIC: the last read that failed or was wrong, and the end of the first good round after it.
  _Atomic uint64_t last_bad, healed;
  // The last wrong value, and the last failure where no value was wrong.
  char last_error[208];
  // Nanoseconds again. Since when no round was good, if the last one was not; the longest time between two good rounds with a bad one between.
  _Atomic uint64_t broken_since, longest;
  // Failures without an error: where LXCFS has a fault of its own, it answers a read with nothing.
  _Atomic uint64_t empty;
};

static const char *const files[] = {
    "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo",   "/proc/stat", "/proc/swaps",
    "/proc/uptime",  "/proc/loadavg",   "/sys/devices/system/cpu/online",
};

static struct report *report;
static unsigned long kilobytes, cpus;
static double started;

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static double since_boot(void) {
  struct timespec time;
  clock_gettime(CLOCK_BOOTTIME, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// When this process started, by the clock of since_boot: the runtime made it before it became this program, on a slow machine
// long before. It is what LXCFS counts a container's uptime from.
static double start_of_self(void) {
  char text[4096] = "";
  FILE *file = fopen("/proc/self/stat", "re");
  if (file) {
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = 0;
    fclose(file);
  }
  // The second field is a name in brackets; the start, in ticks, is the 22nd.
  const char *field = strrchr(text, ')');
  for (int index = 2; field && index < 22; index++)
    field = strchr(field + 1, ' ');
  return field ? strtod(field, NULL) / (double)sysconf(_SC_CLK_TCK) : 0;
}

// How many lines of text start with prefix followed by a digit, or by anything where digit is 0.
static unsigned long lines(const char *text, const char *prefix, int digit) {
  unsigned long count = 0;
  size_t length = strlen(prefix);
  for (const char *line = text; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
    if (!strncmp(line, prefix, length) && (!digit || (line[length] >= '0' && line[length] <= '9')))
      count++;
  return count;
}

static int right(const char *file, const char *text) {
  if (!strcmp(file, "/proc/meminfo"))
    return !strncmp(text, "MemTotal:", 9) && strtoul(text + 9, NULL, 10) == kilobytes;
  if (!strcmp(file, "/proc/cpuinfo"))
    return lines(text, "processor", 0) == cpus;
  if (!strcmp(file, "/proc/stat"))
    return lines(text, "cpu", 1) == cpus;
  if (!strcmp(file, "/proc/uptime")) {
    double uptime = strtod(text, NULL);
    return uptime >= 0 && uptime <= since_boot() - started + 1;
  }
  if (!strcmp(file, "/sys/devices/system/cpu/online"))
    return cpus == 1 ? !strcmp(text, "0\n") : strtoul(text + 2, NULL, 10) == cpus - 1;
  return 1;
}

static int read_once(const char *file) {
  static char text[1 << 20];
  size_t length = 0;
  ssize_t got = -1;
  int descriptor = open(file, O_RDONLY | O_CLOEXEC);
  if (descriptor >= 0) {
    while ((got = read(descriptor, text + length, sizeof text - 1 - length)) > 0)
      length += (size_t)got;
  }
  int error = got < 0 ? errno : 0;
  if (descriptor >= 0)
    close(descriptor);
  text[length] = 0;
  atomic_fetch_add(&report->reads, 1);
  int empty = !error && !length && strcmp(file, "/proc/diskstats");
  if (!error && !empty && right(file, text))
    return 1;

  int failed = error || empty;
  atomic_fetch_add(failed ? &report->failures : &report->wrong, 1);
  atomic_fetch_add(&report->empty, (uint64_t)empty);
  if (!failed || !report->wrong)
    snprintf(report->last_error, sizeof report->last_error, "%s: %.150s", file, error ? strerror(error) : empty ? "nothing" : text);
  atomic_store(&report->last_bad, now());
  return 0;
}

static void judge(int good, uint64_t *last_good) {
  uint64_t since = report->broken_since;
  if (!good) {
    if (!since)
      atomic_store(&report->broken_since, *last_good);
    return;
  }
  *last_good = now();
  if (!since)
    return;
  if (*last_good - since > report->longest)
    atomic_store(&report->longest, *last_good - since);
  atomic_store(&report->broken_since, 0);
  atomic_store(&report->healed, *last_good);
}

int main(int count, char **arguments) {
  if (count != 5)
    return 64;
  int descriptor = open(arguments[1], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0)
    return 66;
  if (lseek(descriptor, 0, SEEK_END) < 4096 && ftruncate(descriptor, 4096))
    return 73;
  report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (report == MAP_FAILED)
    return 71;
  kilobytes = strtoul(arguments[2], NULL, 10);
  cpus = strtoul(arguments[3], NULL, 10);
  started = start_of_self();

  for (uint64_t last_good = now();; usleep((useconds_t)strtoul(arguments[4], NULL, 10))) {
    int good = 1;
    for (size_t index = 0; index < sizeof files / sizeof *files; index++)
      good &= read_once(files[index]);
    judge(good, &last_good);
    atomic_fetch_add(&report->rounds, 1);
  }
}
