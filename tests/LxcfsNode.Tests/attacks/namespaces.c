// namespaces COUNT PROCESSES ROOT: as a full node has them: COUNT mount namespaces with the nine files of the LXCFS at ROOT and PROCESSES
// processes in each. Prints "started" and then, for each line that it reads, how many files the namespaces can read and how many not.
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "own.h"

static const char *const files[] = {
    "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat",   "/proc/swaps",
    "/proc/uptime",  "/proc/loadavg",   "/proc/slabinfo", "/sys/devices/system/cpu/online",
};
#define FILES (sizeof files / sizeof *files)

static struct { _Atomic long good, bad; } *shared;

static void hold(int processes, const char *root) {
  check(unshare(CLONE_NEWNS), "unshare");
  check(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
  for (size_t file = 0; file < FILES; file++) {
    char source[512];
    snprintf(source, sizeof source, "%s%s", root, files[file]);
    // With hundreds at once Linux 6.18 drops the entry of a FUSE file between looking it up and mounting it; a runtime is started again.
    int failed;
    for (int times = 0; (failed = mount(source, files[file], NULL, MS_BIND, NULL)) && errno == ENOENT && times < 100; times++)
      usleep(1000);
    check(failed, source);
  }
  // A container has no mount of the node's.
  char parent[512];
  snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(root, '/') - root), root);
  check(umount2(parent, MNT_DETACH), parent);
  for (int process = 1; process < processes; process++)
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;)
        pause();
    }
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGUSR1);
  sigprocmask(SIG_BLOCK, &wanted, NULL);
  for (int number;; sigwait(&wanted, &number)) {
    for (size_t file = 0; file < FILES; file++) {
      char text[64];
      int descriptor = open(files[file], O_RDONLY | O_CLOEXEC);
      // Disks need not be there; to be able to read is enough.
      int failed = descriptor < 0 || read(descriptor, text, sizeof text) < 0;
      if (descriptor >= 0)
        close(descriptor);
      atomic_fetch_add(failed ? &shared->bad : &shared->good, 1);
    }
  }
}

int main(int count, char **arguments) {
  if (count != 4)
    return 64;
  int namespaces = atoi(arguments[1]), processes = atoi(arguments[2]);
  setvbuf(stdout, NULL, _IOLBF, 0);
  shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  check(shared == MAP_FAILED, "mmap");
  pid_t *holders = calloc((size_t)namespaces, sizeof *holders);
  for (int space = 0; space < namespaces; space++) {
    holders[space] = fork();
    check(holders[space] < 0, "fork");
    if (holders[space] == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      hold(processes, arguments[3]);
    }
  }
  // Each reads once as it starts.
  long all = (long)namespaces * (long)FILES;
  while (shared->good + shared->bad < all)
    usleep(10000);
  puts("started");
  for (char line[16]; fgets(line, sizeof line, stdin);) {
    atomic_store(&shared->good, 0);
    atomic_store(&shared->bad, 0);
    for (int space = 0; space < namespaces; space++)
      kill(holders[space], SIGUSR1);
    while (shared->good + shared->bad < all)
      usleep(10000);
    printf("%ld %ld\n", shared->good, shared->bad);
  }
  return 0;
}
