// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which CUDA kernels the operator calls of a window launch, as CUPTI tells. Each call's number is pushed on
// CUPTI's stack of its thread while the call runs, so that a kernel belongs to the innermost one. Nothing of
// CUPTI is touched before CUDA is in use in this process. Where CUPTI cannot be had, calls have no kernels,
// and kernels_place() says why.
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/tables/kernel_launch.h"

namespace reprise {

// For the fact `kernels.device`: "" while this process does not use CUDA, "cupti" where kernels can be told,
// else "none: WHY", a sentence. Tries it out at the first call with CUDA in use; what fails later shows in
// later answers.
std::string kernels_place();

// One at a time in a process: CUPTI hands its records to plain functions.
class KernelLog {
 public:
  KernelLog() = default;
  ~KernelLog();
  KernelLog(const KernelLog&) = delete;
  KernelLog& operator=(const KernelLog&) = delete;

  // A call begins in this thread; false: nobody listens, and end_call() must not follow. `outermost`: where
  // nobody listens yet, it is looked whether CUDA has come into use since. `call` is not 0.
  bool begin_call(std::uint64_t call, bool outermost);
  void end_call() const;

  // While it lives, what this thread launches is reprise's own work and of no call.
  class OwnWork {
   public:
    explicit OwnWork(const KernelLog& log);
    ~OwnWork();
    OwnWork(const OwnWork&) = delete;
    OwnWork& operator=(const OwnWork&) = delete;

   private:
    const KernelLog* log_;
  };

  // Waits for the device and takes what CUPTI has; nobody listens afterwards if it was the `last` time.
  void gather(bool last);
  // What a call launched, of what was gathered; once.
  std::vector<KernelLaunch> taken(std::uint64_t call);

  // From CUPTI's records; any thread.
  void note_kernel(std::uint32_t correlation, KernelLaunch launch);
  void note_call(std::uint32_t correlation, std::uint64_t call);

 private:
  void listen();
  void stop();

  struct Noted {
    std::uint32_t correlation;
    KernelLaunch launch;
  };
  std::atomic<bool> listening_ = false, refused_ = false;
  std::mutex lock_;  // of what follows
  std::vector<Noted> noted_;
  std::unordered_map<std::uint32_t, std::uint64_t> call_of_;  // by correlation
  std::unordered_map<std::uint64_t, std::vector<Noted>> launched_;
};

}  // namespace reprise
