// SPDX-License-Identifier: Apache-2.0
// The second way in, by LD_PRELOAD: for a Python that ignores PYTHONPATH (-I, -E) or imports no site (-S),
// and for programs that use LibTorch themselves. It comes into every process that the command starts, so it
// is small, links neither LibTorch nor Python, and does nothing in a shell, `env` or `timeout`. In the first
// process that is a Python or has LibTorch it takes itself out of the environment, so that no child gets it,
// and lets the recorder in: in Python by an audit hook, called after Python is up and before the script's
// first line; in a program before its main().
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace {

using AuditHook = int (*)(const char*, void*, void*);
using AddAuditHook = int (*)(AuditHook, void*);
using RunText = int (*)(const char*);
using WatchProgram = const char* (*)(const char*, const char*);

bool began = false;

// One expression, so that no name is left behind in __main__. What goes wrong in there is told by a run
// without a trace.
constexpr const char* begin_text =
    "exec(\"try:\\n"
    " import os\\n"
    " place = os.environ['REPRISE_BEGIN']\\n"
    " exec(compile(open(place).read(), place, 'exec'), {'__file__': place, '__name__': '_reprise_begin'})\\n"
    "except Exception: pass\", {})\n";

int on_audit(const char* event, void*, void*) {
  if (began || strncmp(event, "cpython.run_", 12) != 0) return 0;
  began = true;
  if (const auto run = reinterpret_cast<RunText>(dlsym(RTLD_DEFAULT, "PyRun_SimpleString"))) run(begin_text);
  return 0;
}

int is_torch(dl_phdr_info* library, size_t, void*) {
  return library->dlpi_name != nullptr && strstr(library->dlpi_name, "libtorch_cpu.so") != nullptr ? 1 : 0;
}

[[noreturn]] void refuse(const char* folder, const char* words) {
  char path[4096];
  snprintf(path, sizeof path, "%s/refused.txt", folder);
  if (FILE* file = fopen(path, "w")) {
    fputs(words, file);
    fclose(file);
  }
  _exit(2);
}

void watch_program() {
  const char *library = getenv("REPRISE_RECORDER"), *plan = getenv("REPRISE_PLAN"),
             *folder = getenv("REPRISE_FOLDER");
  if (library == nullptr || plan == nullptr || folder == nullptr) return;
  void* recorder = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (recorder == nullptr) refuse(folder, dlerror());
  const auto watch = reinterpret_cast<WatchProgram>(dlsym(recorder, "reprise_watch_program"));
  const char* sentence = watch == nullptr ? "the recorder cannot watch programs" : watch(plan, folder);
  if (sentence != nullptr) refuse(folder, sentence);
}

void leave_environment() {
  if (const char* before = getenv("REPRISE_OTHER_PRELOAD"))
    setenv("LD_PRELOAD", before, 1);
  else
    unsetenv("LD_PRELOAD");
}

__attribute__((constructor)) void come_in() {
  const auto add = reinterpret_cast<AddAuditHook>(dlsym(RTLD_DEFAULT, "PySys_AddAuditHook"));
  const bool torch = dl_iterate_phdr(&is_torch, nullptr) == 1;
  if (add == nullptr && !torch) return;
  leave_environment();
  if (add != nullptr)
    add(&on_audit, nullptr);
  else
    watch_program();
}

}  // namespace
