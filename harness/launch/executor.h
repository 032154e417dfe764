// SPDX-License-Identifier: Apache-2.0
#pragma once
// An executor says where runs are made. It starts one process at a time on this machine, or it hands all runs
// over to others that make them whole. One file in harness/launch/executors is one executor; a launch names
// it
// (`--executor NAME`), or a plan (`--set executor=NAME`).
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "harness/base/process.h"
#include "harness/base/shelf.h"
#include "harness/launch/launch.h"

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

// Runs that were handed over. Destroyed, it leaves them to go on: a launch that comes later finds them again.
class Handed {
 public:
  Handed() = default;
  Handed(const Handed&) = delete;
  Handed& operator=(const Handed&) = delete;
  virtual ~Handed() = default;
  // The runs that ended since the last call, by their place in the list, each with its folder in its place
  // and how it ended.
  virtual std::vector<std::pair<std::size_t, Outcome>> ended() = 0;
  // Ends all that go on: they are ended() no more.
  virtual void stop() = 0;
};

// Exactly one of `start` and `hand_over`.
struct Executor {
  const char* summary;  // one line for people: where it runs things
  // An Error if the process cannot be started. `limit` of zero: no limit.
  std::unique_ptr<Execution> (*start)(const ProcessStart& how, std::chrono::seconds limit) = nullptr;
  // Makes these runs elsewhere, with a reprise there, or waits for them if a launch before did so. An Error
  // if none can be handed over; `options` outlive it.
  std::unique_ptr<Handed> (*hand_over)(const std::vector<Run>& runs, const LaunchOptions& options) = nullptr;
};

Shelf<Executor> executors_shelf();

// A child process of this one: what most executors come down to.
std::unique_ptr<Execution> start_here(const ProcessStart& how, std::chrono::seconds limit);

// The executor of a run of the plan. An Error for one that is not on the shelf.
const Executor& executor_of(const Plan& plan, const LaunchOptions& options);

}  // namespace reprise
