// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/watch_table.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/plan/fault.h"
#include "harness/plan/phase.h"

namespace reprise {
namespace {

std::string window_text(const OperatorWindow& ops) {
  std::vector<std::string> phases;
  for (const auto& phase : ops.phases) phases.push_back(quoted_text(phase));
  return fmt::format("\n[watch.ops]\nfirst = {}\nlast = {}\nphases = [{}]\nmin_elements = {}\n", ops.first,
                     ops.last, join(phases, ", "), ops.min_elements);
}

OperatorWindow read_window(TomlTable& table) {
  OperatorWindow ops{table.integer("first"), table.integer("last"), table.texts("phases"),
                     table.integer("min_elements")};
  table.finish();
  return ops;
}

CallPlace read_place(TomlTable& table) {
  CallPlace place{table.integer("step"), table.integer("role"), table.integer("order"),
                  table.text_or("thread", ""), table.text_or("name", "")};
  table.finish();
  return place;
}

ValueWindow read_values(TomlTable& table) {
  ValueWindow values{table.integer("first"), table.integer("last"), table.integer_or("nudged", 0)};
  table.finish();
  return values;
}

InjectedFault read_fault(TomlTable& table) {
  InjectedFault injected{table.text("fault"), table.integer("step")};
  table.finish();
  return injected;
}

void check_values(const Plan& plan) {
  const ValueWindow& values = plan.watch.values;
  const std::int64_t last = last_step_of(plan);
  if (!values.empty() && (values.first < 1 || values.last > last))
    fail("wanted values of steps within 1 to {}, found {} to {}", last, values.first, values.last);
  if (values.nudged < 0 || values.nudged > last)
    fail("wanted weights moved after a step within 1 to {}, or 0 for none, found {}", last, values.nudged);
}

void check_window(const Plan& plan) {
  const OperatorWindow& ops = plan.watch.ops;
  if (ops.empty()) return;
  const std::int64_t last = last_step_of(plan);
  if (ops.first < plan.watch.from || ops.last > last)
    fail("wanted an operator window within steps {} to {}, found {} to {}", plan.watch.from, last, ops.first,
         ops.last);
  const std::vector<std::string> phases(phase_names.begin(), phase_names.end());
  for (const auto& phase : ops.phases)
    if (std::ranges::find(phases, phase) == phases.end()) fail("{}", unknown_name("phase", phase, phases));
  if (ops.min_elements < 0) fail("wanted min_elements of at least 0, found {}", ops.min_elements);
}

}  // namespace

bool hashes_all(std::string_view text) {
  if (text != "all" && text != "small")
    fail("wanted hash-files to be small (files up to 64 MiB) or all, found '{}'", text);
  return text == "all";
}

std::string watch_text(const Watch& watch) {
  std::string text = fmt::format("\n[watch]\ncheckpoint_every = {}\nkeep = {}\n", watch.checkpoint_every,
                                 quoted_text(to_text(watch.keep)));
  if (watch.from != 0) text += fmt::format("from = {}\n", watch.from);
  if (watch.until != 0) text += fmt::format("until = {}\n", watch.until);
  if (!watch.artifacts.empty()) text += fmt::format("artifacts = {}\n", quoted_texts(watch.artifacts));
  if (watch.hash_all_files) text += "hash_files = \"all\"\n";
  if (watch.fresh != Fresh::no) text += fmt::format("fresh = {}\n", quoted_text(to_text(watch.fresh)));
  if (!watch.ops.empty()) text += window_text(watch.ops);
  if (watch.dump)
    text += fmt::format("\n[watch.dump]\nstep = {}\nrole = {}\norder = {}\n", watch.dump->step,
                        watch.dump->role, watch.dump->order);
  if (watch.dump && !watch.dump->thread.empty())
    text += fmt::format("thread = {}\n", quoted_text(watch.dump->thread));
  if (watch.dump && !watch.dump->name.empty())
    text += fmt::format("name = {}\n", quoted_text(watch.dump->name));
  if (watch.injected)  // the table has the name that it always had: it is part of what names a plan
    text += fmt::format("\n[watch.sown]\nfault = {}\nstep = {}\n", quoted_text(watch.injected->fault),
                        watch.injected->step);
  if (const ValueWindow& values = watch.values; values != ValueWindow{}) {
    text += fmt::format("\n[watch.values]\nfirst = {}\nlast = {}\n", values.first, values.last);
    if (values.nudged > 0) text += fmt::format("nudged = {}\n", values.nudged);
  }
  return text;
}

Watch read_watch(TomlTable& root) {
  auto table = root.table("watch");
  Watch watch;
  watch.checkpoint_every = table.integer("checkpoint_every");
  watch.keep = read_word<Keep>(table, "keep");
  watch.from = table.integer_or("from", 0);
  watch.until = table.integer_or("until", 0);
  if (table.has("artifacts")) watch.artifacts = table.texts("artifacts");
  watch.hash_all_files = hashes_all(table.text_or("hash_files", "small"));
  if (table.has("fresh")) watch.fresh = read_word<Fresh>(table, "fresh");
  if (auto ops = table.optional_table("ops")) watch.ops = read_window(*ops);
  if (auto dump = table.optional_table("dump")) watch.dump = read_place(*dump);
  if (auto injected = table.optional_table("sown")) watch.injected = read_fault(*injected);
  if (auto values = table.optional_table("values")) watch.values = read_values(*values);
  table.finish();
  return watch;
}

void check_watch(const Plan& plan) {
  const Watch& watch = plan.watch;
  if (watch.checkpoint_every < 1)
    fail("wanted checkpoint_every of at least 1, found {}", watch.checkpoint_every);
  if (watch.until < 0 || (!plan.command && watch.until > plan.steps))
    fail("wanted the last step to run (until) within 1 to {}, or 0 for all, found {}", plan.steps,
         watch.until);
  if (!plan.command && (!watch.artifacts.empty() || watch.hash_all_files))
    fail("wanted artifacts or hash-files of a command, found them for the native recipe {}; leave them out",
         plan.recipe);
  if (!plan.command && watch.fresh != Fresh::no)
    fail(
        "wanted --fresh of a command, found it for the native recipe {}, which reads and writes nothing of "
        "the working folder; leave it out",
        plan.recipe);
  for (const auto& pattern : watch.artifacts)
    if (pattern.empty())
      fail("wanted the name of a file or a pattern such as out/*.pt for an artifact, found none");
  const std::int64_t last = last_step_of(plan);
  if (watch.from < 0 || watch.from >= last)
    fail("wanted to begin after a step (from) within 0 to {}, found {}", last - 1, watch.from);
  if (plan.resume_at < 0 || (!plan.command && plan.resume_at > plan.steps))
    fail("wanted to resume after a step within 1 to {}, or 0 for never, found {}", plan.steps,
         plan.resume_at);
  check_window(plan);
  check_values(plan);
  if (watch.dump && !watch.ops.holds(watch.dump->step))
    fail("wanted the call to be kept within the operator window, found it at step {}", watch.dump->step);
  if (!watch.injected) return;
  const auto faults = faults_of_steps();
  if (std::ranges::find(faults, watch.injected->fault) == faults.end())
    fail("{}", unknown_name("fault", watch.injected->fault, faults));
  if (watch.injected->step < 1 || watch.injected->step > last)
    fail("wanted a fault injected at a step within 1 to {}, found {}", last, watch.injected->step);
}

}  // namespace reprise
