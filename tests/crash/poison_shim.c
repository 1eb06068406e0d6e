/* Preloaded, kills the process that begins to decode a JPEG of the width POISON_SHIM_WIDTH, as a
 * decoder with a bug would: by SIGKILL, which nothing can catch. With POISON_SHIM_ONCE=FILE only
 * the process that makes FILE, which is the first one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* After stdio.h, which it needs. */
#include <jpeglib.h>

static int is_due(unsigned width) {
  const char* deadly = getenv("POISON_SHIM_WIDTH");
  if (deadly == NULL || width != strtoul(deadly, NULL, 10)) return 0;
  const char* once = getenv("POISON_SHIM_ONCE");
  return once == NULL || open(once, O_CREAT | O_EXCL | O_CLOEXEC, 0600) >= 0;
}

typedef boolean (*start_decompress)(j_decompress_ptr);

/* The one that is meant: behind this library, or, where what called belongs to a module of Python,
 * among the libraries of that. */
static start_decompress next_of(void* caller) {
  void* next = dlsym(RTLD_NEXT, "jpeg_start_decompress");
  Dl_info found;
  if (next == NULL && dladdr(caller, &found)) {
    void* module = dlopen(found.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (module != NULL) next = dlsym(module, "jpeg_start_decompress");
  }
  if (next == NULL) abort();
  return (start_decompress)next;
}

boolean jpeg_start_decompress(j_decompress_ptr jpeg) {
  if (is_due(jpeg->image_width)) kill(getpid(), SIGKILL);
  return next_of(__builtin_return_address(0))(jpeg);
}
