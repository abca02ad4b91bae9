// Two containers ask, one of them first and ten thousand times: prints whose requests are taken, and whether all are in the end.
#include "additions.h"
#include <pthread.h>

#define MANY 10000

static void take(int count, struct request **taken) {
  for (int index = 0; index < count; index++) {
    taken[index] = take_request();
    putchar(taken[index]->text[0]);
  }
}

static void *ask(void *argument) {
  queue_request(2, "b", 1);
  return argument;
}

int main(void) {
  struct request *taken[8];
  pthread_t late;
  int others = 0;
  for (int index = 0; index < MANY; index++)
    queue_request(1, "a", 1);
  queue_request(2, "b", 1);
  queue_request(2, "b", 1);
  take(6, taken);
  // The first has as many at work as one may: whoever wants more waits for another, or for one of them to end.
  pthread_create(&late, NULL, ask, NULL);
  take(1, taken + 6);
  pthread_join(late, NULL);
  end_request(taken[0]);
  take(1, taken);
  putchar(' ');
  for (int index = 0; index < 7; index++)
    end_request(taken[index]);
  end_queue();
  for (struct request *request; (request = take_request()); end_request(request))
    others++;
  printf("and %d\n", others);
  return 0;
}
