/** Bytes of the head of the page, and of each cell behind it. */
export const CELL_BYTES = 64
export const CELLS = 512
/** The variable that names the file of the page. */
export const CLOCK_FILE = 'ONCEOVER_POSTGRES_CLOCK'

/**
 * A library that a server is started with (`LD_PRELOAD`): its time and its chance are those of the
 * run. Time stands in a page of shared memory; each process of the server has a cell there, with
 * the state of its chance, and with the times at which it asked to be woken. Alarms never go off by
 * themselves: the harness sends them when virtual time has come (`SIGALRM`).
 */
export const CLOCK_SOURCE = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct cell {
  volatile int64_t pid;
  volatile uint64_t random;
  volatile int64_t alarm_us; /* when its timer is to go off; 0: it has none */
  volatile int64_t wait_us;  /* when its present wait ends by itself; 0: it has no limit */
  volatile int64_t waits;    /* how many waits it has begun */
  volatile int64_t waiting;  /* whether it is in one */
  int64_t unused[2];
};
struct page {
  volatile int64_t now_us;
  int64_t unused[7];
  struct cell cells[${CELLS}];
};

static struct page *page;
static struct cell *mine;
static struct cell none;

static int64_t real_us(void) {
  struct timespec now;
  static int (*next)(clockid_t, struct timespec *);
  if (!next) next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  next(CLOCK_REALTIME, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static int ready(void) {
  if (page) return 1;
  const char *file = getenv("${CLOCK_FILE}");
  int fd = file ? open(file, O_RDWR | O_CLOEXEC) : -1;
  if (fd < 0) return 0;
  void *at = mmap(0, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (at == MAP_FAILED) return 0;
  page = at;
  return 1;
}

/* A fork has another process number than the cell that it inherited. */
static struct cell *own(void) {
  int64_t pid = getpid();
  if (mine && mine->pid == pid) return mine;
  if (!ready()) return &none;
  for (int i = 0; i < ${CELLS}; i++)
    if (__sync_bool_compare_and_swap(&page->cells[i].pid, 0, pid)) {
      mine = &page->cells[i];
      mine->random = pid;
      mine->alarm_us = mine->wait_us = mine->waits = mine->waiting = 0;
      return mine;
    }
  return &none;
}

__attribute__((destructor)) static void leave(void) {
  if (mine && mine->pid == getpid()) mine->pid = 0;
}

static int64_t now_us(void) { return ready() ? page->now_us : real_us(); }

int gettimeofday(struct timeval *restrict tv, void *restrict zone) {
  int64_t us = now_us();
  (void)zone;
  tv->tv_sec = us / 1000000;
  tv->tv_usec = us % 1000000;
  return 0;
}

time_t time(time_t *at) {
  time_t seconds = now_us() / 1000000;
  if (at) *at = seconds;
  return seconds;
}

int clock_gettime(clockid_t which, struct timespec *at) {
  static int (*next)(clockid_t, struct timespec *);
  if (which == CLOCK_REALTIME) {
    int64_t us = now_us();
    at->tv_sec = us / 1000000;
    at->tv_nsec = us % 1000000 * 1000;
    return 0;
  }
  if (!next) next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  return next(which, at);
}

/* What OpenSSL's chance is asked for: pg_strong_random. Steele and Vigna's SplitMix64. */
int RAND_bytes(unsigned char *bytes, int count) {
  struct cell *cell = own();
  for (int i = 0; i < count; i++) {
    uint64_t z = (cell->random += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    bytes[i] = z ^ (z >> 31);
  }
  return 1;
}

int RAND_status(void) { return 1; }

int setitimer(__itimer_which_t which, const struct itimerval *restrict wanted, struct itimerval *restrict old) {
  static int (*next)(__itimer_which_t, const struct itimerval *restrict, struct itimerval *restrict);
  if (which == ITIMER_REAL && ready()) {
    int64_t us = wanted->it_value.tv_sec * 1000000LL + wanted->it_value.tv_usec;
    own()->alarm_us = us ? now_us() + us : 0;
    if (old) memset(old, 0, sizeof *old);
    return 0;
  }
  if (!next)
    next = (int (*)(__itimer_which_t, const struct itimerval *restrict, struct itimerval *restrict))dlsym(RTLD_NEXT, "setitimer");
  return next(which, wanted, old);
}

int epoll_wait(int fd, struct epoll_event *events, int count, int timeout_ms) {
  static int (*next)(int, struct epoll_event *, int, int);
  struct cell *cell = own();
  if (!next) next = (int (*)(int, struct epoll_event *, int, int))dlsym(RTLD_NEXT, "epoll_wait");
  cell->wait_us = timeout_ms > 0 ? now_us() + timeout_ms * 1000LL : 0;
  cell->waits++;
  cell->waiting = 1;
  int found = next(fd, events, count, timeout_ms);
  cell->waiting = 0;
  return found;
}

/* When the server is gone its processes are too, also those that were stopped by a signal. */
int prctl(int option, ...) {
  static int (*next)(int, unsigned long, unsigned long, unsigned long, unsigned long);
  unsigned long a[4];
  va_list rest;
  va_start(rest, option);
  for (int i = 0; i < 4; i++) a[i] = va_arg(rest, unsigned long);
  va_end(rest);
  if (!next)
    next = (int (*)(int, unsigned long, unsigned long, unsigned long, unsigned long))dlsym(RTLD_NEXT, "prctl");
  return next(option, option == PR_SET_PDEATHSIG ? SIGKILL : a[0], a[1], a[2], a[3]);
}
`
