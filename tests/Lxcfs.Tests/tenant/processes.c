// A container's root against a process of LXCFS in its pid namespace.
#include "tenant.h"
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/wait.h>

// Reads a file once, in a process of its own, and returns its id.
static pid_t reader_of(const char *file) {
  pid_t pid = fork();
  if (pid)
    return pid;
  char text[256];
  int descriptor = open(file, O_RDONLY);
  _exit(read(descriptor, text, sizeof text) > 0 ? 0 : 1);
}

// hunt FILE SECRET: has FILE read, and until that is done looks for a process that it did not start; SECRET is a path in that one's root.
int hunt(int count, char **arguments) {
  if (count != 2)
    return 64;
  int strangers = 0, secrets = 0;
  pid_t reader = reader_of(arguments[0]);
  while (!waitpid(reader, NULL, WNOHANG)) {
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
      pid_t pid = atoi(entry->d_name);
      if (pid <= 1 || pid == reader)
        continue;
      strangers++;
      kill(pid, SIGSTOP);
      char path[512];
      snprintf(path, sizeof path, "/proc/%d/root%s", pid, arguments[1]);
      secrets += !access(path, R_OK);
      kill(pid, SIGCONT);
    }
    if (folder)
      closedir(folder);
  }
  printf("strangers=%d secrets=%d\n", strangers, secrets);
  return hold(0, NULL);
}

static void *read_on(void *file) {
  for (char text[256];; usleep(1000)) {
    int descriptor = open(file, O_RDONLY);
    if (read(descriptor, text, sizeof text) < 0)
      usleep(1000);
    close(descriptor);
  }
  return NULL;
}

// stop-all FILE READERS: has FILE read by many threads and stops all other processes of its namespace, for ever.
int stop_all(int count, char **arguments) {
  pthread_t thread;
  if (count != 2)
    return 64;
  for (int index = 0; index < atoi(arguments[1]); index++)
    pthread_create(&thread, NULL, read_on, arguments[0]);
  printf("stopping=1\n");
  for (;;)
    kill(-1, SIGSTOP);
}

// hold: lives until it is killed, and reaps.
int hold(int count, char **arguments) {
  (void)count, (void)arguments;
  for (;;)
    if (wait(NULL) < 0)
      pause();
}

// run-named NAME FILE: the first process of the container calls itself NAME, has FILE read, and prints it.
int run_named(int count, char **arguments) {
  if (count != 2)
    return 64;
  prctl(PR_SET_NAME, arguments[0]);
  char text[4096];
  int descriptor = open(arguments[1], O_RDONLY);
  ssize_t length = read(descriptor, text, sizeof text);
  if (length < 0)
    return 1;
  fwrite(text, 1, (size_t)length, stdout);
  return hold(0, NULL);
}
