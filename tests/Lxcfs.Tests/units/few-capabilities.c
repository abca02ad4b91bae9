// Gives up capabilities where the bounding set can't be changed, as where a pod has been given some by name.
#include "additions.h"
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data))
    return 1;
  data[0].effective &= ~(1u << CAP_SETPCAP), data[0].permitted = data[0].effective;
  if (syscall(SYS_capset, &header, data))
    return 1;
  keep_few_capabilities();
  if (syscall(SYS_capget, &header, data))
    return 1;
  printf("effective=%d bounding=%d\n", (int)data[0].effective, prctl(PR_CAPBSET_READ, CAP_SYS_BOOT, 0, 0, 0));
  return 0;
}
