// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/executor.h"

#include "harness/plan/node_kind.h"

namespace reprise {
namespace {

class Child : public Execution {
 public:
  Child(const ProcessStart& how, std::chrono::seconds limit) : process_(how, limit) {}
  std::optional<ProcessEnd> poll() override { return process_.poll(); }
  void stop() override { process_.stop(); }

 private:
  Process process_;
};

}  // namespace

std::unique_ptr<Execution> start_here(const ProcessStart& how, std::chrono::seconds limit) {
  return std::make_unique<Child>(how, limit);
}

const Executor& executor_of(const Plan& plan, const LaunchOptions& options) {
  return pick(executors_shelf(), options.executor.empty() ? executor_name(plan) : options.executor,
              "executor");
}

bool is_made_elsewhere(const Plan& plan, const LaunchOptions& options) {
  return executor_of(plan, options).hand_over != nullptr;
}

}  // namespace reprise
