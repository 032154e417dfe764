// SPDX-License-Identifier: Apache-2.0
// A child process on this machine.
#include "harness/launch/executor.h"

namespace reprise::executors {
namespace {

class Local : public Execution {
 public:
  Local(const ProcessStart& how, std::chrono::seconds limit) : process_(how, limit) {}
  std::optional<ProcessEnd> poll() override { return process_.poll(); }
  void stop() override { process_.stop(); }

 private:
  Process process_;
};

}  // namespace

extern const Executor local{
    .summary = "a process on this machine",
    .start = [](const ProcessStart& how, std::chrono::seconds limit) -> std::unique_ptr<Execution> {
      return std::make_unique<Local>(how, limit);
    },
};

}  // namespace reprise::executors
