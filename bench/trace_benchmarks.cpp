// SPDX-License-Identifier: Apache-2.0
// What a step costs in the trace, against writing its digests alone to a plain file, one call per step.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "harness/base/error.h"
#include "harness/trace/trace_writer.h"
#include "rounds.h"

namespace {

using namespace reprise;

constexpr std::int64_t steps = 2000;
constexpr std::size_t tensors = 300;

TraceHead head() {
  Plan plan;
  plan.recipe = plan.program = "bench";
  plan.steps = steps;
  plan.batch = 32;
  plan.samples = 4000;
  plan.pins = default_pins();
  return {plan, {}, {}};
}

StepRecord record_of(std::int64_t step) {
  StepRecord record;
  record.step = step;
  if (step > 0) record.samples.assign(32, 7);
  record.loss = Loss{"F32", 1};
  for (std::size_t i = 0; i < tensors; ++i)
    record.stages[4].push_back(
        {"layer" + std::to_string(i) + ".weight", "F32", {64, 64}, Digest{i + 1, 2}, {}});
  return record;
}

void write_trace(const std::filesystem::path& path, StepRecord& record) {
  TraceWriter writer(path, head());
  for (record.step = 0; record.step <= steps; ++record.step) {
    record.samples.resize(record.step == 0 ? 0 : 32);
    for (auto& tensor : record.stages[4]) tensor.digest.low += 2;
    writer.write(record);
  }
  writer.finish();
}

void write_plain(const std::filesystem::path& path, StepRecord& record, bool stages) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  std::vector<std::pair<Digest, Digest>> row(tensors);
  for (std::int64_t step = 0; step <= steps; ++step) {
    for (std::size_t i = 0; i < tensors; ++i) row[i].second = record.stages[4][i].digest;
    if (stages) row[0].first = set_digest("weights", row);
    check(::write(file, row.data(), tensors * sizeof(Digest)) > 0, "the file takes a row");
  }
  ::fsync(file);
  ::close(file);
}

}  // namespace

int main(int count, char** arguments) {
  const std::filesystem::path folder =
      count > 1 ? arguments[1] : std::filesystem::temp_directory_path().string();
  const auto path = folder / "reprise-bench.h5";
  StepRecord record = record_of(1);
  compare("2000 steps of 300 tensors", steps, "step",
          {{"plain write", [&] { write_plain(path, record, false); }},
           {"plain write and the stage's digest", [&] { write_plain(path, record, true); }},
           {"trace", [&] { write_trace(path, record); }}});
  fmt::print("  file / digests: {:.3f}\n", static_cast<double>(std::filesystem::file_size(path)) /
                                               static_cast<double>((steps + 1) * tensors * 16));
  std::filesystem::remove(path);
}
