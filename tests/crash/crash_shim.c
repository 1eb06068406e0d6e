// Preloaded (LD_PRELOAD), it counts the calls by which a process changes what lies below one
// folder, and kills the process, as kill -9 does, right before or right after one of them, or stops
// it, as a machine that sleeps: SIGCONT wakes it. So a test can end or hold up a program at every
// instant that matters without a hook in its code.
//
//   CRASH_SHIM_ROOT=DIR     the folder; must exist when the process starts
//   CRASH_SHIM_AT=N         kill at the Nth change, from 1; absent or 0: never
//   CRASH_SHIM_WHEN=before  (default) or after: is the Nth change made?
//   CRASH_SHIM_HOW=kill     (default) or stop
//   CRASH_SHIM_COUNT=FILE   written at exit: how many changes there were
//   CRASH_SHIM_TRACE=FILE   a line for each change: its number, the call, the path
//
// Changes are: open that may create or truncate, write to a file opened for writing, fsync of
// a file or folder, ftruncate, rename, link, symlink, unlink, mkdir, rmdir. Calls that fail
// count too. Paths are compared as text, made absolute, so the program must reach the folder by the
// same name (no symbolic links inside it). Thread-safe; each process counts for itself.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { kMaxFiles = 65536 };

static char root[PATH_MAX];
static size_t root_length;
static long crash_at;
static int crash_after;
static int crash_signal = SIGKILL;
static int trace_fd = -1;
static atomic_long changes;
// Whether a descriptor is of a file below the root.
static atomic_bool below_root[kMaxFiles];

__attribute__((constructor)) static void Begin(void) {
  const char* folder = getenv("CRASH_SHIM_ROOT");
  if (folder == NULL || realpath(folder, root) == NULL) return;
  root_length = strlen(root);
  const char* at = getenv("CRASH_SHIM_AT");
  crash_at = at == NULL ? 0 : atol(at);
  const char* when = getenv("CRASH_SHIM_WHEN");
  crash_after = when != NULL && strcmp(when, "after") == 0;
  const char* how = getenv("CRASH_SHIM_HOW");
  if (how != NULL && strcmp(how, "stop") == 0) crash_signal = SIGSTOP;
  const char* trace = getenv("CRASH_SHIM_TRACE");
  if (trace != NULL) {
    trace_fd =
        (int)syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  }
}

__attribute__((destructor)) static void End(void) {
  const char* name = getenv("CRASH_SHIM_COUNT");
  if (root_length == 0 || name == NULL) return;
  char text[32];
  const int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&changes));
  const int fd =
      (int)syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return;
  if (syscall(SYS_write, fd, text, (size_t)length) != length) _exit(99);
  syscall(SYS_close, fd);
}

// `path` is relative to the folder `at`.
static int PathIsBelow(int at, const char* path) {
  if (root_length == 0 || path == NULL) return 0;
  char absolute[2 * PATH_MAX];
  if (path[0] == '/') {
    snprintf(absolute, sizeof absolute, "%s", path);
  } else {
    char base[PATH_MAX];
    if (at == AT_FDCWD) {
      if (getcwd(base, sizeof base) == NULL) return 0;
    } else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", at);
      const ssize_t length = readlink(link, base, sizeof base - 1);
      if (length < 0) return 0;
      base[length] = '\0';
    }
    snprintf(absolute, sizeof absolute, "%s/%s", base, path);
  }
  return strncmp(absolute, root, root_length) == 0 &&
         (absolute[root_length] == '/' || absolute[root_length] == '\0');
}

static int FileIsBelow(int fd) { return fd >= 0 && fd < kMaxFiles && atomic_load(&below_root[fd]); }

static void Remember(int fd, int below) {
  if (fd >= 0 && fd < kMaxFiles) atomic_store(&below_root[fd], below);
}

// The number of this change; kills the process if it is the one not to be made. 0: not ours.
static long Before(int below, const char* call, const char* path) {
  if (!below) return 0;
  const int error = errno;
  const long number = atomic_fetch_add(&changes, 1) + 1;
  if (trace_fd >= 0) {
    char line[2 * PATH_MAX];
    const int length = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path);
    if (length > 0 && syscall(SYS_write, trace_fd, line, (size_t)length) < 0) _exit(99);
  }
  if (number == crash_at && !crash_after) kill(getpid(), crash_signal);
  errno = error;
  return number;
}

static void After(long number) {
  if (number != 0 && number == crash_at && crash_after) kill(getpid(), crash_signal);
}

static const char* NameOf(int fd, char* buffer, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, buffer, size - 1);
  buffer[length < 0 ? 0 : length] = '\0';
  return buffer;
}

static void* Next(const char* name) {
  void* next = dlsym(RTLD_NEXT, name);
  if (next == NULL) abort();
  return next;
}

static int Writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY; }

static int Opened(int fd, int below) {
  // Folders are opened for reading, to be synced.
  Remember(fd, below);
  return fd;
}

#define MODE(flags, last)                                      \
  mode_t mode = 0;                                             \
  if (((flags)&O_CREAT) || ((flags)&O_TMPFILE) == O_TMPFILE) { \
    va_list args;                                              \
    va_start(args, last);                                      \
    mode = va_arg(args, mode_t);                               \
    va_end(args);                                              \
  }

#define WRAP_OPEN(name)                                                              \
  int name(const char* path, int flags, ...) {                                       \
    MODE(flags, flags)                                                               \
    const int below = PathIsBelow(AT_FDCWD, path);                                   \
    const int changes_it = Writes(flags) && (flags & (O_CREAT | O_TRUNC));           \
    const long number = Before(below && changes_it, "open", path);                   \
    const int fd = ((int (*)(const char*, int, ...))Next(#name))(path, flags, mode); \
    After(number);                                                                   \
    return Opened(fd, below);                                                        \
  }
WRAP_OPEN(open)
WRAP_OPEN(open64)

#define WRAP_OPENAT(name)                                                                     \
  int name(int at, const char* path, int flags, ...) {                                        \
    MODE(flags, flags)                                                                        \
    const int below = PathIsBelow(at, path);                                                  \
    const int changes_it = Writes(flags) && (flags & (O_CREAT | O_TRUNC));                    \
    const long number = Before(below && changes_it, "open", path);                            \
    const int fd = ((int (*)(int, const char*, int, ...))Next(#name))(at, path, flags, mode); \
    After(number);                                                                            \
    return Opened(fd, below);                                                                 \
  }
WRAP_OPENAT(openat)
WRAP_OPENAT(openat64)

#define WRAP_CREAT(name)                                                    \
  int name(const char* path, mode_t mode) {                                 \
    const int below = PathIsBelow(AT_FDCWD, path);                          \
    const long number = Before(below, "open", path);                        \
    const int fd = ((int (*)(const char*, mode_t))Next(#name))(path, mode); \
    After(number);                                                          \
    return Opened(fd, below);                                               \
  }
WRAP_CREAT(creat)
WRAP_CREAT(creat64)

int close(int fd) {
  Remember(fd, 0);
  return ((int (*)(int))Next("close"))(fd);
}

// A call on a descriptor: `type name(int fd, ...)`.
#define WRAP_FD(type, name, shown, parameters, arguments)                                     \
  type name parameters {                                                                      \
    char buffer[PATH_MAX];                                                                    \
    const int below = FileIsBelow(fd);                                                        \
    const long number = Before(below, shown, below ? NameOf(fd, buffer, sizeof buffer) : ""); \
    const type result = ((type(*) parameters)Next(#name))arguments;                           \
    After(number);                                                                            \
    return result;                                                                            \
  }
WRAP_FD(ssize_t, write, "write", (int fd, const void* data, size_t bytes), (fd, data, bytes))
WRAP_FD(ssize_t, writev, "write", (int fd, const struct iovec* pieces, int count),
        (fd, pieces, count))
WRAP_FD(ssize_t, pwrite, "write", (int fd, const void* data, size_t bytes, off_t at),
        (fd, data, bytes, at))
WRAP_FD(ssize_t, pwrite64, "write", (int fd, const void* data, size_t bytes, off64_t at),
        (fd, data, bytes, at))
WRAP_FD(int, fsync, "fsync", (int fd), (fd))
WRAP_FD(int, fdatasync, "fsync", (int fd), (fd))
WRAP_FD(int, ftruncate, "truncate", (int fd, off_t size), (fd, size))
WRAP_FD(int, ftruncate64, "truncate", (int fd, off64_t size), (fd, size))

// A call on a path.
#define WRAP_PATH(name, shown, below_expression, path, parameters, arguments) \
  int name parameters {                                                       \
    const long number = Before(below_expression, shown, path);                \
    const int result = ((int(*) parameters)Next(#name))arguments;             \
    After(number);                                                            \
    return result;                                                            \
  }
WRAP_PATH(unlink, "unlink", PathIsBelow(AT_FDCWD, path), path, (const char* path), (path))
WRAP_PATH(unlinkat, "unlink", PathIsBelow(at, path), path, (int at, const char* path, int flags),
          (at, path, flags))
WRAP_PATH(remove, "unlink", PathIsBelow(AT_FDCWD, path), path, (const char* path), (path))
WRAP_PATH(rmdir, "rmdir", PathIsBelow(AT_FDCWD, path), path, (const char* path), (path))
WRAP_PATH(mkdir, "mkdir", PathIsBelow(AT_FDCWD, path), path, (const char* path, mode_t mode),
          (path, mode))
WRAP_PATH(mkdirat, "mkdir", PathIsBelow(at, path), path, (int at, const char* path, mode_t mode),
          (at, path, mode))
WRAP_PATH(rename, "rename", PathIsBelow(AT_FDCWD, to) || PathIsBelow(AT_FDCWD, from), to,
          (const char* from, const char* to), (from, to))
WRAP_PATH(renameat, "rename", PathIsBelow(to_at, to) || PathIsBelow(from_at, from), to,
          (int from_at, const char* from, int to_at, const char* to), (from_at, from, to_at, to))
WRAP_PATH(renameat2, "rename", PathIsBelow(to_at, to) || PathIsBelow(from_at, from), to,
          (int from_at, const char* from, int to_at, const char* to, unsigned flags),
          (from_at, from, to_at, to, flags))
WRAP_PATH(link, "link", PathIsBelow(AT_FDCWD, to), to, (const char* from, const char* to),
          (from, to))
WRAP_PATH(symlink, "link", PathIsBelow(AT_FDCWD, to), to, (const char* from, const char* to),
          (from, to))
