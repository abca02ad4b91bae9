// Logs more than a line has room for, and a line behind it. What comes out is on stderr.
#include "additions.h"
#include <string.h>

void log_line(const char *format, ...);

int main(void) {
  static char path[4000];
  memset(path, 'a', sizeof path - 1);
  log_line("no stat node for %s\n", path);
  log_line("next\n");
  return 0;
}
