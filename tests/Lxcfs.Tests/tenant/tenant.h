#define _GNU_SOURCE
// What a tenant does to LXCFS, one command each. Static and without a dependency: it is the only program of its container.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

// Each prints its findings on one line, "NAME=VALUE ...", and returns the exit code.
int hunt(int count, char **arguments);
int stop_all(int count, char **arguments);
int hold(int count, char **arguments);
int pread_storm(int count, char **arguments);
int cache_loop(int count, char **arguments);
int send_file(int count, char **arguments);
int stat_loop(int count, char **arguments);
int map_file(int count, char **arguments);
int interrupt(int count, char **arguments);
int read_twice(int count, char **arguments);
int read_by_size(int count, char **arguments);
int read_later(int count, char **arguments);
int read_in_thread(int count, char **arguments);
int open_many(int count, char **arguments);
int run_named(int count, char **arguments);
int fuzz(int count, char **arguments);
int print(int count, char **arguments);
int first(int count, char **arguments);
int burn(int count, char **arguments);
int use(int count, char **arguments);
int speed(int count, char **arguments);
int again(int count, char **arguments);
int flood(int count, char **arguments);
int pace(int count, char **arguments);

static inline double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}
