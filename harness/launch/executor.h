// SPDX-License-Identifier: Apache-2.0
#pragma once
// An executor says where a run's process is started: on this machine, by a scheduler of a cluster. One file
// in harness/launch/executors is one executor; a plan names it (`--set executor=NAME`).
#include <chrono>
#include <memory>
#include <optional>

#include "harness/base/process.h"
#include "harness/base/shelf.h"

namespace reprise {

// A process that an executor started. Destroyed while it runs, it is ended with all that it started.
class Execution {
 public:
  Execution() = default;
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;
  virtual ~Execution() = default;
  // Nothing while it runs; once ended, always the same answer.
  virtual std::optional<ProcessEnd> poll() = 0;
  // Ends it, gently at first.
  virtual void stop() = 0;
};

struct Executor {
  const char* summary;  // one line for people: where it runs things
  // An Error if the process cannot be started. `limit` of zero: no limit.
  std::unique_ptr<Execution> (*start)(const ProcessStart& how, std::chrono::seconds limit);
};

Shelf<Executor> executors_shelf();

// A child process of this one: what most executors come down to.
std::unique_ptr<Execution> start_here(const ProcessStart& how, std::chrono::seconds limit);

}  // namespace reprise
