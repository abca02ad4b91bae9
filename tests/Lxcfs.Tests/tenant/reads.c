// Reads of one file in ways that ordinary programs have too.
#include "tenant.h"
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/time.h>

static int shared_descriptor;
static _Atomic long reads, bad, huge, failed;
static double end;

// A number of more than fifteen digits: so many bytes or ticks nobody has, but what is below zero looks so.
static int has_huge_number(const char *text, ssize_t length) {
  int digits = 0;
  for (ssize_t index = 0; index < length && digits <= 15; index++)
    digits = text[index] >= '0' && text[index] <= '9' ? digits + 1 : 0;
  return digits > 15;
}

// No text of LXCFS holds a NUL.
static void *pread_all_offsets(void *argument) {
  unsigned int seed = (unsigned int)(uintptr_t)argument;
  char text[8192];
  while (now() < end) {
    off_t offset = rand_r(&seed) % 4 ? rand_r(&seed) % 1500 : 0;
    ssize_t length = pread(shared_descriptor, text, 1 + (size_t)rand_r(&seed) % sizeof text, offset);
    reads++;
    if (length < 0)
      failed++;
    else if (memchr(text, 0, (size_t)length))
      bad++;
    else
      huge += has_huge_number(text, length);
  }
  return NULL;
}

// pread-storm FILE THREADS SECONDS: many threads read one descriptor at all offsets.
int pread_storm(int count, char **arguments) {
  pthread_t threads[64];
  if (count != 3 || atoi(arguments[1]) > 64 || (shared_descriptor = open(arguments[0], O_RDONLY)) < 0)
    return 64;
  end = now() + atof(arguments[2]);
  for (int index = 0; index < atoi(arguments[1]); index++)
    pthread_create(&threads[index], NULL, pread_all_offsets, (void *)(uintptr_t)(index + 1));
  for (int index = 0; index < atoi(arguments[1]); index++)
    pthread_join(threads[index], NULL);
  printf("reads=%ld bad=%ld huge=%ld failed=%ld\n", reads, bad, huge, failed);
  return 0;
}

// cache-loop FILE MEBIBYTES: writes FILE, and reads it for ever: its pages come back into memory as often as they are taken away.
int cache_loop(int count, char **arguments) {
  static char block[1 << 20];
  int descriptor = count == 2 ? open(arguments[0], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;
  for (int index = 0; descriptor >= 0 && index < atoi(arguments[1]); index++)
    if (write(descriptor, block, sizeof block) != sizeof block)
      return 1;
  if (descriptor < 0 || fsync(descriptor))
    return 64;
  printf("written=1\n");
  for (;; lseek(descriptor, 0, SEEK_SET))
    while (read(descriptor, block, sizeof block) > 0)
      ;
}

// send-file FILE TIMES TEXT: sends FILE into a pipe; what comes out is TEXT, or sendfile is refused.
int send_file(int count, char **arguments) {
  if (count != 3)
    return 64;
  int right = 0, wrong = 0, refused = 0, pipes[2];
  size_t length = strlen(arguments[2]);
  for (int index = 0; index < atoi(arguments[1]); index++) {
    char text[256];
    int descriptor = open(arguments[0], O_RDONLY);
    if (descriptor < 0 || pipe(pipes))
      return 1;
    ssize_t sent = sendfile(pipes[1], descriptor, NULL, sizeof text);
    if (sent < 0)
      refused++;
    else if ((size_t)sent == length && read(pipes[0], text, sizeof text) == sent && !memcmp(text, arguments[2], length))
      right++;
    else
      wrong++;
    close(descriptor), close(pipes[0]), close(pipes[1]);
    usleep(2000);
  }
  printf("right=%d wrong=%d refused=%d\n", right, wrong, refused);
  return 0;
}

// stat-loop FILE: asks for its attributes, for ever.
int stat_loop(int count, char **arguments) {
  struct stat found;
  if (count != 1)
    return 64;
  for (;;) {
    stat(arguments[0], &found);
    usleep(100);
  }
}

static void told(int signal) {
  static const char line[] = "mapped=SIGBUS\n";
  (void)signal;
  _exit(write(1, line, sizeof line - 1) < 0);
}

// map FILE: reads it through a mapping.
int map_file(int count, char **arguments) {
  int descriptor = count == 1 ? open(arguments[0], O_RDONLY) : -1;
  char *text = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (text == MAP_FAILED) {
    printf("mapped=refused\n");
    return 0;
  }
  signal(SIGBUS, told);
  printf("mapped=%d\n", *(volatile char *)text);
  return 0;
}

static void nothing(int signal) { (void)signal; }

// interrupt FILE SECONDS: reads it while signals come in.
int interrupt(int count, char **arguments) {
  if (count != 2)
    return 64;
  struct sigaction action = {.sa_handler = nothing, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  struct itimerval often = {{0, 70}, {0, 70}};
  setitimer(ITIMER_REAL, &often, NULL);
  long empty = 0;
  for (end = now() + atof(arguments[1]); now() < end; reads++) {
    char text[65536];
    int descriptor = open(arguments[0], O_RDONLY);
    ssize_t length = read(descriptor, text, sizeof text);
    if (length < 0)
      failed++;
    else if (!length)
      empty++;
    close(descriptor);
  }
  printf("reads=%ld empty=%ld failed=%ld\n", reads, empty, failed);
  return 0;
}

// read-twice FILE: reads one descriptor twice from the start.
int read_twice(int count, char **arguments) {
  static char first[65536], second[65536];
  int descriptor = count == 1 ? open(arguments[0], O_RDONLY) : -1;
  ssize_t one = pread(descriptor, first, sizeof first, 0), two = pread(descriptor, second, sizeof second, 0);
  printf("first=%zd second=%zd nul=%d same=%d\n", one, two, two > 0 && memchr(second, 0, (size_t)two) != NULL,
         one == two && one > 0 && !memcmp(first, second, (size_t)one));
  return 0;
}

// read-by-size FILE TIMES TEXT: reads as many bytes as the file's attributes say; they are TEXT or its beginning is all there is.
int read_by_size(int count, char **arguments) {
  int right = 0, wrong = 0;
  if (count != 3)
    return 64;
  for (int index = 0; index < atoi(arguments[1]); index++) {
    char text[8192];
    struct stat found = {0};
    int descriptor = open(arguments[0], O_RDONLY);
    if (descriptor < 0 || fstat(descriptor, &found) || found.st_size > (off_t)sizeof text)
      return 1;
    ssize_t length = read(descriptor, text, (size_t)found.st_size);
    close(descriptor);
    if (length == (ssize_t)strlen(arguments[2]) && !memcmp(text, arguments[2], (size_t)length))
      right++;
    else
      wrong++;
    usleep(1000);
  }
  printf("right=%d wrong=%d\n", right, wrong);
  return 0;
}

// read-later FILE: opens it, and reads and prints it after the next SIGCONT.
int read_later(int count, char **arguments) {
  static char text[1 << 16];
  sigset_t signals;
  int number, descriptor = count == 1 ? open(arguments[0], O_RDONLY) : -1;
  sigemptyset(&signals), sigaddset(&signals, SIGCONT), sigprocmask(SIG_BLOCK, &signals, NULL);
  printf("opened=%d\n", descriptor >= 0);
  sigwait(&signals, &number);
  ssize_t length, whole = 0;
  while ((length = read(descriptor, text + whole, sizeof text - (size_t)whole)) > 0)
    whole += length;
  fwrite(text, 1, (size_t)whole, stdout);
  printf("read=1\n");
  return hold(0, NULL);
}

static void *print_file(void *file) {
  char text[4096];
  int descriptor = open(file, O_RDONLY);
  ssize_t length = read(descriptor, text, sizeof text);
  fwrite(text, 1, length > 0 ? (size_t)length : 0, stdout);
  return NULL;
}

// read-in-thread FILE: a thread of the container's first process, which is not its first one, reads FILE, and it is printed.
int read_in_thread(int count, char **arguments) {
  pthread_t thread;
  if (count != 1 || pthread_create(&thread, NULL, print_file, arguments[0]) || pthread_join(thread, NULL))
    return 64;
  return hold(0, NULL);
}
