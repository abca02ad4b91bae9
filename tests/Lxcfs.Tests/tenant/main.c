#include "tenant.h"

static const struct {
  const char *name;
  int (*run)(int, char **);
} commands[] = {
    {"hunt", hunt},           {"stop-all", stop_all},   {"hold", hold},           {"pread-storm", pread_storm},
    {"send-file", send_file}, {"stat-loop", stat_loop}, {"map", map_file},        {"interrupt", interrupt},
    {"read-twice", read_twice}, {"open-many", open_many}, {"run-named", run_named}, {"fuzz", fuzz},
    {"read-by-size", read_by_size}, {"read-later", read_later}, {"cache-loop", cache_loop},
    {"first", first},         {"speed", speed},         {"print", print},         {"burn", burn},
    {"use", use},             {"flood", flood},         {"pace", pace},
    {"read-in-thread", read_in_thread}, {"again", again},
};

int main(int count, char **arguments) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (size_t index = 0; count > 1 && index < sizeof commands / sizeof *commands; index++)
    if (!strcmp(arguments[1], commands[index].name))
      return commands[index].run(count - 2, arguments + 2);
  return 64;
}
