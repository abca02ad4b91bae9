// mount-churn MOUNTS PROCESSES FILE: in a user namespace of its own it binds FILE over MOUNTS files of a tmpfs; then PROCESSES copy the
// mount namespace again and again. The kernel changes no other mount of the node while it copies one.
#include "flood.h"

int main(int count, char **arguments) {
  if (count != 4)
    return 64;
  unshare_user(CLONE_NEWNS);
  int made = flood(atoi(arguments[1]), arguments[3]);
  for (int process = 0; process < atoi(arguments[2]); process++) {
    pid_t child = fork();
    check(child < 0, "fork");
    if (child == 0) {
      for (;;)
        check(unshare(CLONE_NEWNS), "copy");
    }
  }
  printf("churns: %d mounts\n", made);
  for (;;)
    pause();
}
