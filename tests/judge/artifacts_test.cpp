// SPDX-License-Identifier: Apache-2.0
// Runs that agree at every step may still leave other files.
#include <catch2/catch.hpp>

#include "harness/judge/compare/diff.h"
#include "harness/watch/artifacts.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;

namespace {

// A finished trace of a command that was asked for `patterns` and left one file with that digest.
NamedTrace trace_of(const Scratch& folder, const std::string& name, std::uint64_t content,
                    const std::vector<std::string>& patterns) {
  const auto path = folder / (name + ".h5");
  Plan plan;
  plan.recipe = "left";
  plan.command = CommandLine{{"/bin/true"}, Seeding::imposed, {}, ""};
  plan.pins = default_pins();
  plan.watch.keep = Keep::none;
  plan.watch.artifacts = patterns;
  write_trace_of_no_step(plan, {}, path);
  add_artifacts(path, {{"out/a", "U8", {1}, {content, 7}, ""}, {"out/same", "U8", {1}, {5, 5}, ""}});
  return {name, Trace(path)};
}

const std::vector<Artifact> weights_left{{"trained_weights", "F32", {3}, {1, 7}, std::string(64, 'a')}};

// A trace of a native program whose plan has six steps, as far as `last`, and what it left.
NamedTrace native_trace(const Scratch& folder, const std::string& name, std::int64_t last,
                        const std::vector<Artifact>& left) {
  const SmallTrace small;
  Plan plan = plan_of(small);
  if (last < plan.steps) plan.watch.until = last;
  const auto path = folder / (name + ".h5");
  TraceWriter writer(path, {plan, {{"cpu.model", "a test"}}, {floats("x", {1, 2})}});
  for (std::int64_t step = 0; step <= last; ++step) writer.write(record_of(small, step));
  writer.write_pins(small.pins);
  writer.finish();
  if (!left.empty()) add_artifacts(path, left);
  return {name, Trace(path)};
}

}  // namespace

TEST_CASE("other artifacts part two runs after their last step, equal ones do not") {
  const Scratch folder;
  const std::vector<std::string> asked{"out/*"};
  const auto diff = compare(
      {trace_of(folder, "a", 1, asked), trace_of(folder, "b", 2, asked), trace_of(folder, "c", 1, asked)});
  REQUIRE(diff.classes.size() == 2);
  CHECK(diff.classes[0].members == std::vector<std::size_t>{0, 2});
  const Divergence& first = diff.divergences.at(0).first;
  CHECK(first.step == 1);
  CHECK(first.stage == "artifacts");
  CHECK(first.tensor == "out/a");
  CHECK(first.tensors_differing == 1);
  CHECK(first.tensors_compared == 2);
  CHECK(diff.traces[1].facts.at("artifact.out/a") == to_text(Digest{2, 7}));
}

TEST_CASE("runs that were asked for other artifacts are compared by their steps alone") {
  const Scratch folder;
  CHECK(compare({trace_of(folder, "a", 1, {"out/*"}), trace_of(folder, "b", 2, {"out/a"})}).all_equal());
}

TEST_CASE("what a run left at its end is not held against a run that was asked for its first steps alone") {
  const Scratch folder;
  const NamedTrace whole = native_trace(folder, "whole", 6, weights_left);
  CHECK(compare({whole, native_trace(folder, "short", 3, {})}).all_equal());
  auto other = weights_left;
  other[0].digest = {2, 7};
  const auto diff = compare({whole, native_trace(folder, "other", 6, other)});
  REQUIRE(diff.classes.size() == 2);
  CHECK(diff.divergences.at(0).first.tensor == "trained_weights");
}
