// SPDX-License-Identifier: Apache-2.0
#include "harness/recorder/opened/state.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "harness/recorder/opened/kernel.h"

namespace opened {
namespace {

constexpr int64_t second = 1000000000;
constexpr size_t most_names = 2000, block = 32768, name_room = most_names * 256;

int64_t nanoseconds(const timespec& time) { return time.tv_sec * second + time.tv_nsec; }

int64_t now_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return nanoseconds(time);
}

// As getdents64() writes it.
struct Entry {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[1];
};

struct Names {
  char bytes[name_room];
  const char* at[most_names];
  size_t count, used;
  bool few;  // all had room
  char block_of_entries[block];
};

bool is_told(const char* name, const char* runs) {
  return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, "__pycache__") != 0 &&
         strcmp(name, runs) != 0;
}

void add_name(const char* name, Names& names) {
  const size_t length = strlen(name) + 1;
  if (names.count == most_names || length > name_room - names.used) {
    names.few = false;
    return;
  }
  names.at[names.count++] = static_cast<const char*>(memcpy(names.bytes + names.used, name, length));
  names.used += length;
}

bool read_names(const char* path, const char* runs, Names& names) {
  const auto folder = static_cast<int>(
      call_kernel(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK, 0));
  if (folder < 0) return false;
  names.few = true;
  long length = 0;
  while (names.few && (length = call_kernel(SYS_getdents64, folder, names.block_of_entries, block)) > 0)
    for (long at = 0; at < length;) {
      const auto* entry = reinterpret_cast<const Entry*>(names.block_of_entries + at);
      if (is_told(entry->name, runs)) add_name(entry->name, names);
      at += entry->length;
    }
  call_kernel(SYS_close, folder);
  return length >= 0;
}

// Down from `root` in a heap of `count` names.
void sink(const char** names, size_t root, size_t count) {
  for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
    if (child + 1 < count && strcmp(names[child], names[child + 1]) < 0) ++child;
    if (strcmp(names[root], names[child]) >= 0) return;
    const char* other = names[root];
    names[root] = names[child];
    names[child] = other;
    root = child;
  }
}

// In place: qsort() of the C library may ask for memory.
void sort(const char** names, size_t count) {
  for (size_t root = count / 2; root > 0; --root) sink(names, root - 1, count);
  for (size_t end = count; end > 1; --end) {
    const char* last = names[end - 1];
    names[end - 1] = names[0];
    names[0] = last;
    sink(names, 0, end - 1);
  }
}

void put_settled(const State& state, Text& text) {
  text.put(", \"settled\": \"");
  text.put_count(state.device);
  text.put(" ");
  text.put_count(state.inode);
  const int64_t numbers[] = {state.bytes, state.modified, state.changed};
  for (const int64_t number : numbers) {
    text.put(" ");
    text.put_number(number);
  }
  text.put("\"");
}

}  // namespace

int64_t monotonic_now() { return now_of(CLOCK_MONOTONIC); }

State state_of(int folder, const char* path) {
  struct stat s {};
  State state;
  if (call_kernel(SYS_newfstatat, folder, path, &s, 0) != 0) return state;
  state.kind = S_ISREG(s.st_mode) ? State::file : S_ISDIR(s.st_mode) ? State::folder : State::special;
  state.bytes = s.st_size;
  state.modified = nanoseconds(s.st_mtim);
  state.changed = nanoseconds(s.st_ctim);
  state.inode = s.st_ino;
  state.device = s.st_dev;
  const int64_t youngest = state.modified > state.changed ? state.modified : state.changed;
  state.settled = now_of(CLOCK_REALTIME) - youngest > 2 * second;
  return state;
}

void put_state(const State& state, Text& text) {
  if (state.kind == State::absent) return text.put("\"absent\": true");
  if (state.kind != State::file)
    return text.put(state.kind == State::folder ? "\"folder\": true" : "\"special\": true");
  text.put("\"bytes\": ");
  text.put_number(state.bytes);
  text.put(", \"identity\": \"");
  text.put_number(state.bytes);
  text.put(" ");
  text.put_number(state.modified);
  text.put(" ");
  text.put_count(state.inode);
  text.put("\"");
  if (state.settled) put_settled(state, text);
}

void put_names(const char* path, const char* runs, Text& text) {
  void* memory = mmap(nullptr, sizeof(Names), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return text.put("null");
  auto& names = *static_cast<Names*>(memory);
  if (!read_names(path, runs, names) || !names.few) {
    text.put("null");
  } else {
    sort(names.at, names.count);
    text.put("[");
    for (size_t i = 0; i < names.count; ++i) {
      if (i > 0) text.put(", ");
      text.put_quoted(names.at[i]);
    }
    text.put("]");
  }
  munmap(memory, sizeof(Names));
}

}  // namespace opened
