// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/runtime/runtime.h"

#include <malloc.h>

#include <cstdio>
#include <cstdlib>

#include "fake_cuda/runtime/fat_binary.h"

namespace reprise::fake_cuda {

namespace {

bool starts(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

// The code that a real device would answer for what the interpreter found.
cudaError_t code_for(const std::string& fault) {
  if (fault.find("misaligned") != std::string::npos) return cudaErrorMisalignedAddress;
  if (fault.find("out of bounds") != std::string::npos) return cudaErrorIllegalAddress;
  return cudaErrorLaunchFailure;
}

void lose(const std::string& work, const std::string& fault) {
  std::fprintf(stderr, "fake CUDA: FAULT in %s: %s\n", work.c_str(), fault.c_str());
  runtime().lost = code_for(fault);
}

void write_summary(const Runtime& r, const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) return;
  std::fprintf(file,
               "launches %llu\ninstructions %llu\nallocations %zu\nstreams %zu\nevents %zu\ngraphs %zu\n",
               static_cast<unsigned long long>(r.launches), static_cast<unsigned long long>(r.instructions),
               r.memory.live(), r.streams.live(), r.events.size(), r.graphs.size());
  for (const auto& [name, count] : r.calls) std::fprintf(file, "call %s %d\n", name.c_str(), count);
  for (const auto& name : instructions_seen()) std::fprintf(file, "instruction %s\n", name.c_str());
  std::fclose(file);
}

struct Farewell {
  ~Farewell() {
    if (const std::string path = setting("FAKE_CUDA_SUMMARY"); !path.empty()) write_summary(runtime(), path);
  }
};
const Farewell farewell;

}  // namespace

Runtime::Runtime()
    : devices(devices_from_environment()),
      streams(std::strtoull(setting("FAKE_CUDA_SEED", "1").c_str(), nullptr, 0),
              setting("FAKE_CUDA_ORDER") == "late", lose),
      log(!setting("FAKE_CUDA_LOG").empty()) {
  // What the interpreter keeps of one launch is kept for the next: giving it back costs more than the launch.
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, 1 << 28);
  const std::string fail = setting("FAKE_CUDA_FAIL");
  const std::size_t first = fail.find(':'), second = fail.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) return;
  fail_name = fail.substr(0, first);
  fail_at = std::atoi(fail.c_str() + first + 1);
  fail_code = std::atoi(fail.c_str() + second + 1);
}

Runtime& runtime() {
  static Runtime* const only = new Runtime;
  return *only;
}

ThreadState& thread_state() {
  thread_local ThreadState state;
  return state;
}

cudaError_t remembered(cudaError_t status) {
  if (status != cudaSuccess) thread_state().last = status;
  return status;
}

cudaError_t misuse(const std::string& sentence) {
  std::fprintf(stderr, "fake CUDA: MISUSE: %s\n", sentence.c_str());
  return cudaErrorInvalidValue;
}

cudaError_t entered(Runtime& r, const char* name) {
  const int count = ++r.calls[name];
  if (r.log) std::fprintf(stderr, "fake CUDA: %s, call %d\n", name, count);
  if (r.lost != cudaSuccess && !starts(name, "cudaGetDevice")) return r.lost;
  if (r.fail_name != name || r.fail_at != count) return cudaSuccess;
  const auto code = static_cast<cudaError_t>(r.fail_code);
  if (code >= cudaErrorIllegalAddress && code <= cudaErrorLaunchFailure) r.lost = code;
  return code;
}

}  // namespace reprise::fake_cuda
