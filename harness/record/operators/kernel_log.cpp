// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/kernel_log.h"

#include <cxxabi.h>
#include <torch/csrc/profiler/orchestration/observer.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "harness/record/operators/cupti_library.h"

namespace reprise {
namespace {

constexpr int listened_kinds[] = {cupti::kind_external, cupti::kind_runtime, cupti::kind_driver,
                                  cupti::kind_kernel};
constexpr std::size_t buffer_bytes = std::size_t{1} << 20, buffer_alignment = 8;

// Who gets the records, and why nobody could. Never freed: CUPTI's own thread may outlive main().
struct KernelListener {
  std::mutex lock;  // of `log`; CUPTI may hand over records while it is asked for something
  KernelLog* log = nullptr;
  std::mutex trying;  // of what follows
  bool tried = false;
  std::string trouble;  // once there is one nobody tries again
};
KernelListener& kernel_listener() {
  static auto* one = new KernelListener;
  return *one;
}

std::string readable(const char* name) {
  if (name == nullptr) return "";
  int status = 0;
  char* words = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string text = words != nullptr && status == 0 ? words : name;
  std::free(words);
  return text;
}

KernelLaunch launch_of(const cupti::KernelRecord& record) {
  const auto three = [](const std::int32_t(&from)[3]) {
    return std::array<std::int64_t, 3>{from[0], from[1], from[2]};
  };
  return {record.name == nullptr ? "" : record.name,
          three(record.grid),
          three(record.block),
          std::int64_t{record.static_shared} + record.dynamic_shared,
          record.registers,
          1};
}

void give_buffer(std::uint8_t** buffer, std::size_t* bytes, std::size_t* most_records) {
  *buffer = static_cast<std::uint8_t*>(std::aligned_alloc(buffer_alignment, buffer_bytes));
  *bytes = *buffer == nullptr ? 0 : buffer_bytes;
  *most_records = 0;
}

void note_record(const cupti::Record& record, KernelLog& log) {
  if (record.kind == cupti::kind_kernel) {
    const auto& kernel = reinterpret_cast<const cupti::KernelRecord&>(record);
    log.note_kernel(kernel.correlation, launch_of(kernel));
  } else if (record.kind == cupti::kind_external) {
    const auto& external = reinterpret_cast<const cupti::ExternalRecord&>(record);
    if (external.external_kind == cupti::external_custom2) log.note_call(external.correlation, external.id);
  }
}

void take_buffer(void*, std::uint32_t, std::uint8_t* buffer, std::size_t, std::size_t valid) {
  {
    KernelListener& listener = kernel_listener();
    const std::lock_guard lock(listener.lock);
    cupti::Record* record = nullptr;
    const auto next = cupti_library().functions.next_record;
    while (listener.log != nullptr && valid > 0 && next(buffer, valid, &record) == cupti::success)
      note_record(*record, *listener.log);
  }
  std::free(buffer);
}

// LibTorch's profiler takes CUPTI's records for itself: two cannot listen.
bool torch_profiles() { return torch::profiler::impl::profilerEnabled(); }

void disable_kinds() {
  if (torch_profiles()) return;  // they are its own by now
  for (const int kind : listened_kinds) cupti_library().functions.disable(kind);
}

// "" if CUPTI listens from here on.
std::string enable_kinds() {
  const CuptiLibrary& library = cupti_library();
  if (!library.trouble.empty()) return library.trouble;
  if (torch_profiles()) return "the program's own profiler has CUPTI";
  const cupti::Functions& functions = library.functions;
  if (const auto result = functions.register_callbacks(&give_buffer, &take_buffer); result != cupti::success)
    return cupti_trouble(functions, "hand over its records", result);
  for (const int kind : listened_kinds)
    if (const auto result = functions.enable(kind); result != cupti::success) {
      disable_kinds();
      return cupti_trouble(functions, "listen for kernels", result);
    }
  return "";
}

// Whether CUPTI listens from here on. `trying` is held by the caller.
bool try_kernels(KernelListener& listener) {
  listener.tried = true;
  if (listener.trouble.empty()) listener.trouble = enable_kinds();
  return listener.trouble.empty();
}

void hand_records_to(KernelLog* log, const KernelLog* instead_of) {
  KernelListener& listener = kernel_listener();
  const std::lock_guard lock(listener.lock);
  if (listener.log == instead_of) listener.log = log;
}

bool is_reprises(const std::string& name) { return name.find("reprise") != std::string::npos; }

bool same_launch(const KernelLaunch& a, const KernelLaunch& b) {
  return a.name == b.name && a.grid == b.grid && a.block == b.block && a.shared == b.shared &&
         a.registers == b.registers;
}

}  // namespace

std::string kernels_place() {
  if (!cuda_in_use()) return "";
  KernelListener& listener = kernel_listener();
  const std::lock_guard trying(listener.trying);
  if (!listener.tried && try_kernels(listener)) disable_kinds();
  return listener.trouble.empty() ? "cupti" : "none: " + listener.trouble;
}

KernelLog::~KernelLog() { stop(); }

void KernelLog::listen() {
  if (!cuda_in_use()) return;
  KernelListener& listener = kernel_listener();
  const std::lock_guard trying(listener.trying);
  if (listening_ || refused_) return;
  hand_records_to(this, nullptr);
  if (try_kernels(listener)) {
    listening_ = true;
    return;
  }
  refused_ = true;
  hand_records_to(nullptr, this);
}

void KernelLog::stop() {
  if (!listening_.exchange(false)) return;
  disable_kinds();
  hand_records_to(nullptr, this);
}

bool KernelLog::begin_call(std::uint64_t call, bool outermost) {
  if (!listening_ && outermost && !refused_) listen();
  if (!listening_) return false;
  return cupti_library().functions.push(cupti::external_custom2, call) == cupti::success;
}

void KernelLog::end_call() const {
  std::uint64_t last = 0;
  cupti_library().functions.pop(cupti::external_custom2, &last);
}

KernelLog::OwnWork::OwnWork(const KernelLog& log) : log_(log.listening_ ? &log : nullptr) {
  if (log_ != nullptr && cupti_library().functions.push(cupti::external_custom2, 0) != cupti::success)
    log_ = nullptr;
}

KernelLog::OwnWork::~OwnWork() {
  if (log_ != nullptr) log_->end_call();
}

void KernelLog::gather(bool last) {
  if (!listening_) return;
  wait_for_cuda();
  cupti_library().functions.flush_all(cupti::flush_forced);
  {
    const std::lock_guard lock(lock_);
    for (auto& noted : noted_)
      if (const auto call = call_of_.find(noted.correlation); call != call_of_.end() && call->second != 0)
        launched_[call->second].push_back(std::move(noted));
    noted_.clear();
  }
  if (last) stop();
}

std::vector<KernelLaunch> KernelLog::taken(std::uint64_t call) {
  std::vector<Noted> launched;
  {
    const std::lock_guard lock(lock_);
    if (auto found = launched_.extract(call)) launched = std::move(found.mapped());
  }
  std::ranges::stable_sort(launched, {}, &Noted::correlation);
  std::vector<KernelLaunch> kernels;
  for (auto& [correlation, launch] : launched) {
    launch.name = readable(launch.name.c_str());
    if (is_reprises(launch.name)) continue;
    if (!kernels.empty() && same_launch(kernels.back(), launch))
      ++kernels.back().count;
    else
      kernels.push_back(std::move(launch));
  }
  return kernels;
}

void KernelLog::note_kernel(std::uint32_t correlation, KernelLaunch launch) {
  const std::lock_guard lock(lock_);
  noted_.push_back({correlation, std::move(launch)});
}

void KernelLog::note_call(std::uint32_t correlation, std::uint64_t call) {
  const std::lock_guard lock(lock_);
  call_of_.emplace(correlation, call);
}

}  // namespace reprise
