// SPDX-License-Identifier: Apache-2.0
// A libcupti.so without a GPU: made_cupti_launch() stands for a launch through CUDA's run-time library, and
// leaves the records that CUPTI leaves. $MADE_CUPTI_FAIL, such as cuptiActivityEnable:39, is a function and
// what it answers; $MADE_CUPTI_VERSION what cuptiGetVersion gives.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace {

using Request = void (*)(std::uint8_t**, std::size_t*, std::size_t*);
using Full = void (*)(void*, std::uint32_t, std::uint8_t*, std::size_t, std::size_t);

constexpr std::size_t kernel_bytes = 208, external_bytes = 24, api_bytes = 40;
constexpr int kind_runtime = 5, kind_kernel = 10, kind_external = 39;

struct State {
  std::mutex lock;
  Request request = nullptr;
  Full full = nullptr;
  std::set<int> enabled;
  std::uint8_t* buffer = nullptr;
  std::size_t size = 0, used = 0;
  std::uint32_t correlation = 0;
  std::size_t delivered = 0, asked = 0;
};
State& state() {
  static auto* one = new State;
  return *one;
}

struct Pushed {
  int kind;
  std::uint64_t id;
};
thread_local std::vector<Pushed> stack;

// What $MADE_CUPTI_FAIL says of this function; 0: it works.
int refused(const std::string& function) {
  ++state().asked;
  const char* text = std::getenv("MADE_CUPTI_FAIL");
  const std::string wish = text == nullptr ? "" : text;
  return wish.starts_with(function + ":") ? std::atoi(wish.c_str() + function.size() + 1) : 0;
}

std::size_t bytes_of(int kind) {
  return kind == kind_kernel ? kernel_bytes : kind == kind_external ? external_bytes : api_bytes;
}

// As CUPTI does: on the thread that fills the buffer, and with no lock of its own held.
void deliver() {
  std::unique_lock lock(state().lock);
  State& s = state();
  if (s.buffer == nullptr) return;
  std::uint8_t* const buffer = s.buffer;
  const std::size_t size = s.size, used = s.used;
  s.buffer = nullptr;
  s.used = 0;
  ++s.delivered;
  const Full full = s.full;
  lock.unlock();
  full(nullptr, 0, buffer, size, used);
}

template <class T>
void put(std::uint8_t* record, std::size_t offset, T value) {
  std::memcpy(record + offset, &value, sizeof value);
}

std::uint8_t* new_record(int kind) {
  State& s = state();
  if (s.buffer != nullptr && s.used + bytes_of(kind) > s.size) deliver();
  if (s.buffer == nullptr) {
    std::size_t most = 0;
    s.request(&s.buffer, &s.size, &most);
    s.used = 0;
  }
  std::uint8_t* record = s.buffer + s.used;
  s.used += bytes_of(kind);
  std::memset(record, 0xcd, bytes_of(kind));  // nobody may rely on what he does not know
  put(record, 0, kind);
  return record;
}

void put_external(const Pushed& pushed, std::uint32_t correlation) {
  std::uint8_t* record = new_record(kind_external);
  put(record, 4, pushed.kind);
  put(record, 8, pushed.id);
  put(record, 16, correlation);
}

}  // namespace

extern "C" {

int cuptiGetVersion(std::uint32_t* version) {
  const char* text = std::getenv("MADE_CUPTI_VERSION");
  *version = text == nullptr ? 130001 : static_cast<std::uint32_t>(std::atoi(text));
  return refused("cuptiGetVersion");
}
int cuptiGetResultString(int result, const char** text) {
  *text = result == 39   ? "CUPTI_ERROR_MULTIPLE_SUBSCRIBERS_NOT_SUPPORTED"
          : result == 35 ? "CUPTI_ERROR_INSUFFICIENT_PRIVILEGES"
                         : "CUPTI_ERROR_UNKNOWN";
  return 0;
}
int cuptiActivityRegisterCallbacks(Request request, Full full) {
  if (const int answer = refused("cuptiActivityRegisterCallbacks")) return answer;
  state().request = request;
  state().full = full;
  return 0;
}
int cuptiActivityEnable(int kind) {
  if (const int answer = refused("cuptiActivityEnable"); answer != 0 && kind == kind_kernel) return answer;
  state().enabled.insert(kind);
  return 0;
}
int cuptiActivityDisable(int kind) {
  state().enabled.erase(kind);
  return 0;
}
int cuptiActivityFlushAll(std::uint32_t) {
  deliver();
  return 0;
}
int cuptiActivityGetNextRecord(std::uint8_t* buffer, std::size_t valid, std::uint8_t** record) {
  std::uint8_t* next = buffer;
  if (*record != nullptr) {
    int kind = 0;
    std::memcpy(&kind, *record, sizeof kind);
    next = *record + bytes_of(kind);
  }
  if (next >= buffer + valid) return 12;
  *record = next;
  return 0;
}
int cuptiActivityPushExternalCorrelationId(int kind, std::uint64_t id) {
  stack.push_back({kind, id});
  return 0;
}
int cuptiActivityPopExternalCorrelationId(int kind, std::uint64_t* last) {
  if (stack.empty() || stack.back().kind != kind) return 36;  // CUPTI_ERROR_QUEUE_EMPTY
  *last = stack.back().id;
  stack.pop_back();
  return 0;
}

// Grid, block, shared memory (static, dynamic) and registers in one row of numbers.
void made_cupti_launch(const char* name, const std::int32_t* sizes, int registers) {
  State& s = state();
  const std::uint32_t correlation = ++s.correlation;
  const auto on = [&](int kind) { return s.enabled.contains(kind); };
  if (on(kind_external)) {
    put_external({3, 0x3333}, correlation);  // of LibTorch's profiler
    if (!stack.empty()) put_external(stack.back(), correlation);
  }
  if (on(kind_runtime)) put(new_record(kind_runtime), 32, correlation);
  if (!on(kind_kernel)) return;
  std::uint8_t* record = new_record(kind_kernel);
  put(record, 6, static_cast<std::uint16_t>(registers));
  std::memcpy(record + 52, sizes, 8 * sizeof *sizes);
  put(record, 92, correlation);
  put(record, 104, name);
}
std::size_t made_cupti_enabled() { return state().enabled.size(); }
std::size_t made_cupti_pushed() { return stack.size(); }
// How often a function that may refuse was called.
std::size_t made_cupti_asked() { return state().asked; }
std::size_t made_cupti_delivered() { return state().delivered; }
}
