/* What our files take of LXCFS's own macro.h. */
#pragma once
#include <stdio.h>
#include <unistd.h>
#define lxcfs_info(format, ...) fprintf(stderr, format "\n", ##__VA_ARGS__)
#define log_exit(format, ...) (fprintf(stderr, format, ##__VA_ARGS__), _exit(1))
