// Two containers ask, one of them first and ten thousand times: prints whose requests are taken, and whether all are in the end.
#include "additions.h"

#define MANY 10000

static const struct asker first = {.container = 1}, second = {.container = 2};

static void take(int count, struct request **taken) {
  for (int index = 0; index < count; index++) {
    taken[index] = take_request();
    putchar(taken[index]->text[0]);
  }
}

// Whether nothing is in turn for it.
static void print_none(struct request *request) { putchar(request ? '?' : '-'); }

int main(void) {
  struct request *taken[8];
  int others = 0;
  for (int index = 0; index < MANY; index++)
    queue_request(first, "a", 1);
  queue_request(second, "b", 1);
  queue_request(second, "b", 1);
  take(6, taken);
  // The first has as many at work as one may: whoever asks is to receive, and alone it goes on with that.
  print_none(take_request());
  queue_request(second, "b", 1);
  print_none(stop_receiving());
  take(1, taken + 6);
  // A second receives, and answers what it receives.
  print_none(take_request());
  queue_request(second, "b", 1);
  putchar((taken[7] = stop_receiving())->text[0]);
  end_request(taken[0]);
  take(1, taken);
  putchar(' ');
  for (int index = 0; index < 8; index++)
    end_request(taken[index]);
  end_queue();
  for (struct request *request; (request = take_request()); end_request(request))
    others++;
  printf("and %d\n", others);
  return 0;
}
