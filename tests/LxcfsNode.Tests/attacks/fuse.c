// fuse MODE user|root FILE ...: a file system that says it is LXCFS (its type is fuse.lxcfs) and lies over each FILE, in a user and mount
// namespace of its own, or as root in a mount namespace alone. Once it is mounted it does what MODE says:
//   answers  every file has some text       endless  no file has an end      slow    every read takes 2 s
//   read     a read is never answered       lookup   no lookup and no stat is answered         silent  nothing is
// It speaks the kernel's protocol itself, since libfuse answers for whoever does not.
#include <linux/fuse.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "own.h"

static const char text[] = "MemTotal:       1 kB\n";
static const char *mode;
static _Atomic int armed;
static int device;
// Even numbers are folders, odd ones files; the same name may have many.
static uint64_t next_node = 2;

static int is(const char *other) { return !strcmp(mode, other); }

static void answer(const struct fuse_in_header *to, int error, const void *data, size_t length) {
  static char reply[1 << 20];
  struct fuse_out_header header = {.len = (uint32_t)(sizeof header + length), .error = -error, .unique = to->unique};
  memcpy(reply, &header, sizeof header);
  memcpy(reply + sizeof header, data, length);
  if (write(device, reply, header.len) < 0 && errno != ENOENT)
    perror("answer");
}

static struct fuse_attr attributes(uint64_t node) {
  int folder = node % 2 == 0 || node == FUSE_ROOT_ID;
  return (struct fuse_attr){.ino = node, .mode = folder ? S_IFDIR | 0755 : S_IFREG | 0444, .nlink = 1, .size = folder ? 0 : 4096};
}

static int is_folder(const char *name) {
  return !strcmp(name, "proc") || !strcmp(name, "sys") || !strcmp(name, "devices") || !strcmp(name, "system") || !strcmp(name, "cpu");
}

static void on_read(const struct fuse_in_header *request, const struct fuse_read_in *read) {
  static char endless[1 << 19];
  size_t size = read->size < sizeof endless ? read->size : sizeof endless;
  if (is("slow") && armed)
    sleep(2);
  if (is("endless") && armed) {
    memset(endless, 'x', size);
    answer(request, 0, endless, size);
  } else
    answer(request, 0, text, read->offset ? 0 : sizeof text - 1);
}

static void serve(const struct fuse_in_header *request, const char *body) {
  switch (request->opcode) {
  case FUSE_INIT: {
    struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_write = 4096, .max_readahead = 1 << 17};
    answer(request, 0, &out, sizeof out);
    return;
  }
  case FUSE_LOOKUP: {
    uint64_t node = next_node += 2;
    node += is_folder(body) ? 0 : 1;
    struct fuse_entry_out out = {.nodeid = node, .attr = attributes(node)};
    answer(request, 0, &out, sizeof out);
    return;
  }
  case FUSE_GETATTR: {
    struct fuse_attr_out out = {.attr = attributes(request->nodeid)};
    answer(request, 0, &out, sizeof out);
    return;
  }
  case FUSE_OPEN:
  case FUSE_OPENDIR: {
    struct fuse_open_out out = {.open_flags = FOPEN_DIRECT_IO};
    answer(request, 0, &out, sizeof out);
    return;
  }
  case FUSE_READ:
    on_read(request, (const struct fuse_read_in *)body);
    return;
  case FUSE_STATFS: {
    struct fuse_statfs_out out = {.st = {.bsize = 4096, .namelen = 255}};
    answer(request, 0, &out, sizeof out);
    return;
  }
  case FUSE_RELEASE:
  case FUSE_RELEASEDIR:
  case FUSE_READDIR:
  case FUSE_FLUSH:
  case FUSE_ACCESS:
    answer(request, 0, "", 0);
    return;
  case FUSE_FORGET:
  case FUSE_BATCH_FORGET:
  case FUSE_INTERRUPT:
    return;
  default:
    answer(request, ENOSYS, "", 0);
  }
}

static int is_answered(uint32_t operation) {
  if (!armed)
    return 1;
  return !(is("silent") || (is("read") && operation == FUSE_READ)
           || (is("lookup") && (operation == FUSE_LOOKUP || operation == FUSE_GETATTR)));
}

static void *run(void *unused) {
  static _Alignas(8) char request[1 << 20];
  (void)unused;
  for (;;) {
    ssize_t length = read(device, request, sizeof request);
    if (length < 0 && errno == ENODEV)
      exit(0);
    if (length < (ssize_t)sizeof(struct fuse_in_header))
      continue;
    const struct fuse_in_header *header = (const struct fuse_in_header *)request;
    if (is_answered(header->opcode))
      serve(header, request + sizeof *header);
  }
  return NULL;
}

int main(int count, char **arguments) {
  if (count < 4)
    return 64;
  mode = arguments[1];
  if (!strcmp(arguments[2], "user"))
    unshare_user(CLONE_NEWNS);
  else
    check(unshare(CLONE_NEWNS), "unshare");
  setvbuf(stdout, NULL, _IOLBF, 0);
  check(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
  device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  check(device < 0, "/dev/fuse");
  char options[128];
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
  check(mount("room", "/tmp", "tmpfs", 0, NULL), "/tmp");
  check(mkdir("/tmp/fuse", 0755), "/tmp/fuse");
  check(mount("lxcfs", "/tmp/fuse", "fuse.lxcfs", MS_NOSUID | MS_NODEV, options), "fuse.lxcfs");
  pthread_t thread;
  check(pthread_create(&thread, NULL, run, NULL), "thread");
  for (int file = 3; file < count; file++) {
    char source[512];
    snprintf(source, sizeof source, "/tmp/fuse%s", arguments[file]);
    check(mount(source, arguments[file], NULL, MS_BIND, NULL), arguments[file]);
  }
  armed = 1;
  puts("mounted");
  for (;;)
    pause();
}
