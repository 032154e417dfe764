// SPDX-License-Identifier: Apache-2.0
#include "harness/recorder/opened/notes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include <initializer_list>

#include "harness/recorder/opened/kernel.h"
#include "harness/recorder/opened/table.h"

extern char** environ;

namespace opened {
namespace {

constexpr size_t usual_line = 2048, longest_line = size_t{4} << 20;

// Of the run that this process is a part of; "" until that is known, and where there is none.
char run[longest_path];
char runs[256];  // the name of the folder of runs

// Set while this thread is at work here: what that opens is no data, and a signal may come in between.
__thread bool busy __attribute__((tls_model("initial-exec"))) = false;

class Work {
 public:
  Work() : error_(errno), free_(!busy && run[0] == '/') {
    if (free_) busy = true;
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  ~Work() {
    if (free_) busy = false;
    errno = error_;
  }
  bool free() const { return free_; }
  int error() const { return error_; }

 private:
  int error_;
  bool free_;
};

// Not by getenv(), which a shell has a version of its own of. As long as the program has not begun nobody
// changes the environment.
__attribute__((constructor)) void begin() {
  constexpr const char* name = "REPRISE_FOLDER=";
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    if (strncmp(*at, name, strlen(name)) != 0 || strlen(*at + strlen(name)) >= longest_path) continue;
    const char *folder = *at + strlen(name), *end = folder + strlen(folder);
    for (int up = 0; up < 2; ++up)
      while (end > folder && *--end != '/') {
      }
    const char* front = end;
    while (front > folder && front[-1] != '/') --front;
    if (static_cast<size_t>(end - front) < sizeof runs) memcpy(runs, front, end - front);
    strcpy(run, folder);
    return;
  }
}

void write_line(const Text& text) {
  char path[longest_path + 64];
  Text place{path, sizeof path - 1};
  place.put(run);
  place.put("/opened-");
  place.put_number(call_kernel(SYS_getpid));
  place.put(".jsonl");
  path[place.size] = '\0';
  const long file = call_kernel(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return;
  call_kernel(SYS_write, file, text.begin, text.size);
  call_kernel(SYS_close, file);
}

void write_beyond() {
  static bool told = false;
  if (__atomic_exchange_n(&told, true, __ATOMIC_RELAXED)) return;
  char line[64];
  Text text{line, sizeof line};
  text.put("{\"path\": \"\", \"first\": \"beyond\"}\n");
  write_line(text);
}

const char* word_of(unsigned kind) {
  return kind == read_kind ? "read" : kind == write_kind ? "write" : "list";
}

void put_line(const char* path, unsigned kind, bool first, const State& state, int64_t at, Text& text) {
  text.put("{\"path\": ");
  text.put_quoted(path);
  text.put(first ? ", \"first\": \"" : ", \"also\": \"");
  text.put(word_of(kind));
  text.put("\"");
  if (first) {
    text.put(", \"at\": ");
    text.put_number(at);
    text.put(", ");
    if (kind == list_kind && state.kind == State::folder) {
      text.put("\"names\": ");
      put_names(path, runs, text);
    } else {
      put_state(state, text);
    }
  }
  text.put("}\n");
}

// A line that is longer than usual gets memory of its own.
void note(const char* path, unsigned kind, const State& state, int64_t at) {
  const Noted noted = remember(path, kind);
  if (noted == Noted::full) return write_beyond();
  if (noted == Noted::known) return;
  const bool first = noted == Noted::first;
  char line[usual_line];
  Text text{line, sizeof line};
  put_line(path, kind, first, state, at, text);
  if (text.whole) return write_line(text);
  void* memory = mmap(nullptr, longest_line, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return write_beyond();
  Text longer{static_cast<char*>(memory), longest_line};
  put_line(path, kind, first, state, at, longer);
  longer.whole ? write_line(longer) : write_beyond();
  munmap(memory, longest_line);
}

bool is_missing(int error) { return error == ENOENT || error == ENOTDIR; }

}  // namespace

Note::Note(int folder, const char* path, unsigned kinds, bool creates) {
  const Work work;
  if (!work.free() || kinds == 0) return;
  const Place place = absolute_path(folder, path, path_);
  if (place == Place::too_long) write_beyond();
  if (place != Place::found || !is_data(path_, run) || is_known(path_, kinds)) return;
  kinds_ = kinds;
  look(folder, path, creates);
}

void Note::look(int folder, const char* path, bool creates) {
  at_ = monotonic_now();
  state_ = state_of(folder, path);
  // A folder is read by listing it; what is no file holds nothing that could be the same again.
  if (state_.kind == State::special || (state_.kind == State::folder && kinds_ == read_kind)) kinds_ = 0;
  // Nothing is read of a file that comes by this very call.
  if (state_.kind == State::absent && creates) kinds_ &= ~read_kind;
}

void Note::end(bool well) {
  const Work work;
  if (!work.free() || kinds_ == 0) return;
  if (!well && !(is_missing(work.error()) && state_.kind == State::absent)) return;
  const unsigned done = well ? kinds_ : kinds_ & ~write_kind;
  for (const unsigned kind : {read_kind, write_kind, list_kind})
    if ((done & kind) != 0) note(path_, kind, state_, at_);
}

void Note::made(const char* path) {
  const Work work;
  char absolute[longest_path];
  if (work.free() && absolute_path(AT_FDCWD, path, absolute) == Place::found && is_data(absolute, run))
    note(absolute, write_kind, State(), monotonic_now());
}

Way way_of(int flags) {
  if ((flags & O_PATH) == O_PATH || (flags & O_TMPFILE) == O_TMPFILE || (flags & O_DIRECTORY) != 0) return {};
  const int access = flags & O_ACCMODE;
  const bool anew = (flags & O_TRUNC) != 0 || ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0);
  Way way;
  if (access != O_WRONLY && !anew) way.kinds |= read_kind;
  if (access != O_RDONLY) way.kinds |= write_kind;
  way.creates = (flags & O_CREAT) != 0;
  return way;
}

Way way_of(const char* mode) {
  Way way;
  bool plus = false;
  for (const char* at = mode; *at != '\0' && *at != ','; ++at) plus = plus || *at == '+';
  if (*mode == 'r')
    way.kinds = plus ? read_kind | write_kind : read_kind;
  else
    way.kinds = write_kind;
  way.creates = *mode != 'r';
  return way;
}

}  // namespace opened
