/* Preloaded into a server, it moves the server's wall clock by what a test has written: microseconds, eight bytes of the file
   that MOVABLE_CLOCK names. The monotonic clocks stay as they are, as they do when somebody sets the time of a machine.
   It asks the kernel itself and never the C library, because an allocator may ask for the time before the library is ready. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t unmoved = 0;
static const volatile int64_t *offset = &unmoved;

__attribute__((constructor)) static void open_offset(void)
{
    const char *name = getenv("MOVABLE_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    void *page = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
    if (page == MAP_FAILED)
    {
        _exit(71);
    }

    close(file);
    offset = page;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    {
        int64_t nanoseconds = now->tv_nsec + *offset % 1000000 * 1000;
        int64_t carry = nanoseconds < 0 ? -1 : nanoseconds >= 1000000000 ? 1 : 0;
        now->tv_sec += *offset / 1000000 + carry;
        now->tv_nsec = nanoseconds - carry * 1000000000;
    }

    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec time;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &time);
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    if (now)
    {
        *now = time.tv_sec;
    }

    return time.tv_sec;
}
