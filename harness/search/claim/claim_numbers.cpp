// SPDX-License-Identifier: Apache-2.0
#include "harness/search/claim/claim_numbers.h"

#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/container/little_endian.h"
#include "harness/container/mapped_file.h"
#include "harness/judge/compare/diff.h"
#include "harness/left/kept_beside.h"
#include "harness/left/left_record.h"
#include "harness/plan/command_table.h"
#include "harness/tensor/safetensors.h"
#include "harness/trace/predictions_file.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// The one file of those that the run left which the pattern means.
LeftFile left_file(const fs::path& folder, const std::string& pattern) {
  check_beside(folder, "left.json");
  const auto record = left_record(folder);
  if (!record) fail("it has no record of the files that it left");
  std::vector<LeftFile> fitting;
  std::vector<std::string> names;
  for (const auto& file : record->files) {
    names.push_back(file.name);
    if (::fnmatch(pattern.c_str(), file.name.c_str(), 0) == 0) fitting.push_back(file);
  }
  if (fitting.empty())
    fail("it was not seen to leave a file '{}'{}", pattern,
         names.empty()
             ? ""
             : ", but " + join(std::span(names).first(std::min<std::size_t>(names.size(), 5)), ", "));
  if (fitting.size() > 1)
    fail("it left {} files '{}', {} and {} among them; name one", fitting.size(), pattern, fitting[0].name,
         fitting[1].name);
  return fitting.front();
}

// Its content as that run left it: a copy, or the file itself where nobody has written to it since.
std::string content_of(const Plan& plan, const fs::path& folder, const LeftFile& file) {
  if (!file.text.empty()) {
    if (!is_copy(folder, file))
      fail("{}, the copy of it, is not what it was when the run ended; --again makes the run anew",
           file.text);
    return read_file(folder / file.text, "file that a run left");
  }
  constexpr std::string_view out = "{out}/";
  const fs::path path = file.name.starts_with(out) ? folder / "out" / file.name.substr(out.size())
                                                   : fs::path(plan.command->folder) / file.name;
  if (!fs::is_regular_file(path)) fail("{} is not there any more", file.name);
  if (file.sha256.empty() || sha256_file(path) != file.sha256)
    fail("{} has been written to since; give each run a folder of its own with {{out}} in the command",
         file.name);
  return read_file(path, "file that a run left");
}

std::vector<double> reported_numbers(const Claim& claim, const Trace& trace) {
  std::vector<double> values;
  std::vector<std::string> names;
  for (const auto& [step, metric] : trace.metrics()) {
    if (metric.name == claim.metric) values.push_back(metric.value);
    if (std::ranges::find(names, metric.name) == names.end()) names.push_back(metric.name);
  }
  if (values.empty() && names.empty())
    fail(
        "it reports no metric; for a script say where its numbers stand: --metric 'val=val loss ([0-9.]+)', "
        "or "
        "pattern, file and key in the claim");
  if (values.empty()) fail("{}", unknown_name("metric", claim.metric, names));
  return values;
}

// Steps, samples or epochs until the metric was first seen at the target; infinite where it never was.
double time_to_target(const Claim& claim, const Plan& plan, const Trace& trace) {
  reported_numbers(claim, trace);
  for (const auto& [step, metric] : trace.metrics()) {
    if (metric.name != claim.metric || !std::isfinite(metric.value)) continue;
    if (claim.higher_is_better ? metric.value < claim.value : metric.value > claim.value) continue;
    const auto steps = static_cast<double>(step), samples = steps * static_cast<double>(plan.batch);
    return claim.unit == "steps"     ? steps
           : claim.unit == "samples" ? samples
                                     : samples / static_cast<double>(plan.samples);
  }
  return INFINITY;
}

void read_bits(const Trace& trace, const RunTraces& whole, ClaimRun& found) {
  const Diff alone = compare({{found.name, trace, whole}});
  const TraceSummary& summary = alone.traces.front();
  const auto model = summary.facts.find("cpu.model");
  if (model != summary.facts.end()) found.where = model->second;
  if (summary.last_step < summary.planned_steps)
    fail("it ended after step {} of {}", summary.last_step, summary.planned_steps);
  if (summary.first_nan >= 0) fail("its loss is not a number at step {}", summary.first_nan);
}

// The weights that a run ended with; "" where nobody saw any. Not its chain, which holds the states of random
// generators too: those differ by the seed that reprise imposed where the script trains by its own.
std::string weights_of(const RunTraces& whole) {
  std::string text;
  bool seen = false;
  for (const auto& process : whole.processes) {
    const Trace& trace = process.trace;
    const Digest weights = trace.stages(trace.last_step())[static_cast<std::size_t>(Stage::weights)];
    seen = seen || weights != Digest();
    text += to_text(weights) + "\n";
  }
  return seen ? sha256_text(text).substr(0, 32) : "";
}

// What a run came to: those weights, or what it left where there are none, and the numbers that it reported.
std::string identity_of(const RunTraces& whole, const ClaimRun& run) {
  std::string text = run.weights + "\n";
  if (run.weights.empty())
    for (const auto& one : whole.processes.front().trace.artifacts())
      text += one.name + " " + to_text(one.digest) + "\n";
  for (const double value : run.values) text += number_text(value) + " ";
  return sha256_text(text).substr(0, 32);
}

std::string artifact_of(const Claim& claim, const Trace& trace) {
  std::vector<std::string> names;
  for (const auto& one : trace.artifacts()) {
    // Each tensor of a checkpoint carries its file's SHA-256.
    if (one.name == claim.artifact || one.name.starts_with(claim.artifact + ":")) return one.sha256;
    names.push_back(one.name);
  }
  fail("{}", names.empty() ? "it left nothing" : unknown_name("artifact", claim.artifact, names));
}

std::vector<std::int64_t> whole_numbers(const Checkpoint& file, const std::string& name) {
  const auto found = std::ranges::find(file.tensors(), name, &CheckpointTensor::name);
  if (found == file.tensors().end() || found->dtype != "I64") fail("it has no I64 tensor '{}'", name);
  const auto bytes = file.read(*found);
  std::vector<std::int64_t> numbers(bytes.size() / sizeof(std::int64_t));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(std::int64_t));
  return numbers;
}

// The cross-entropy that a native classifier reports after its last step.
std::optional<double> last_loss(const Trace& trace) {
  for (const auto& [step, metric] : trace.metrics())
    if (step == trace.last_step() && metric.name == "test_loss") return metric.value;
  return std::nullopt;
}

// What the file says must make up the accuracy that the trace, which is proven, holds of the last step.
void check_accuracy(const Predictions& found, const std::string& name, const Trace& trace) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < found.label.size(); ++i) right += found.predicted[i] == found.label[i] ? 1 : 0;
  const double accuracy = 100.0 * static_cast<double>(right) / static_cast<double>(found.label.size());
  for (const auto& [step, metric] : trace.metrics())
    if (step == trace.last_step() && metric.name == name && metric.value == accuracy) return;
  fail("they make up {} = {} %, which is not what the run reported at its end", name, number_text(accuracy));
}

void read_predictions(const Plan& plan, const Trace& trace, ClaimRun& run) {
  const fs::path path = fs::path(run.folder) / predictions_file_name;
  if (!fs::exists(path) && beside_state(run.folder, predictions_file_name) != BesideState::changed) {
    run.no_predictions = fmt::format(
        "it left no {} (its program classifies nothing, or it was made by an older version: "
        "--again makes it anew)",
        predictions_file_name);
    return;
  }
  try {
    check_beside(run.folder, predictions_file_name);
    const Checkpoint file(path);
    const auto metadata = file.metadata();
    if (!metadata.contains("plan") || metadata.at("plan") != plan_id(plan)) fail("they are of another plan");
    Predictions found{whole_numbers(file, "predicted"), whole_numbers(file, "label"), last_loss(trace)};
    if (found.label.empty() || found.label.size() != found.predicted.size())
      fail("wanted one prediction for each label, found {} and {}", found.predicted.size(),
           found.label.size());
    check_accuracy(found, metadata.contains("accuracy") ? metadata.at("accuracy") : "", trace);
    run.predictions = std::move(found);
  } catch (const Error& error) {
    run.no_predictions = error.what();
  }
}

}  // namespace

std::vector<double> placed_numbers(const NumberPlace& place, const Plan& plan, const fs::path& folder) {
  if (place.file.empty()) {
    check_beside(folder, "log.txt");
    return numbers_in_text(read_file(folder / "log.txt", "log"), place.pattern);
  }
  const LeftFile file = left_file(folder, filled_word(plan, place.file, "{out}"));
  try {
    return numbers_in_file(content_of(plan, folder, file), {place.pattern, file.name, place.key});
  } catch (const Error& error) {
    fail("{}: {}", file.name, error.what());
  }
}

ClaimRun read_claim_run(const Claim& claim, const Run& run, const RunResult& result) {
  ClaimRun found{run.name, run.plan.pins.at("seed"), result.folder.string(), result.outcome, result.reused};
  if (!result.outcome.done()) return found;
  try {
    const RunTraces whole = read_run(result.folder);
    const Trace& trace = whole.processes.front().trace;
    if (claim.kind == ClaimKind::digest) found.artifact = artifact_of(claim, trace);
    if (claim.kind == ClaimKind::metric)
      found.values = claim.place ? placed_numbers(*claim.place, run.plan, result.folder)
                                 : reported_numbers(claim, trace);
    if (claim.kind == ClaimKind::convergence) found.values = {time_to_target(claim, run.plan, trace)};
    read_bits(trace, whole, found);
    found.weights = weights_of(whole);
    found.identity = identity_of(whole, found);
    if (!run.plan.command && claims_number(claim)) read_predictions(run.plan, trace, found);
  } catch (const Error& error) {
    found.trouble = error.what();
  }
  return found;
}

}  // namespace reprise
