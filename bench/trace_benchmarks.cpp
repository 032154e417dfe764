// SPDX-License-Identifier: Apache-2.0
// What a step of 300 tensors costs in the trace, against its digests alone in a plain file, one call a step,
// and against what people do else.
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <memory>

#include "benchmarks.h"
#include "harness/base/error.h"
#include "harness/hdf5/hdf5.h"
#include "harness/trace/trace_writer.h"
#include "suite.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t steps = 2000, few_steps = 20;
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
    record.of(Stage::weights)
        .push_back({"layer" + std::to_string(i) + ".weight", "F32", {64, 64}, Digest{i + 1, 2}, {}});
  return record;
}

void move_on(StepRecord& record) {
  for (auto& tensor : record.of(Stage::weights)) tensor.digest.low += 2;
}

void write_trace(const fs::path& path, StepRecord& record) {
  TraceWriter writer(path, head());
  for (record.step = 0; record.step <= steps; ++record.step) {
    record.samples.resize(record.step == 0 ? 0 : 32);
    move_on(record);
    writer.write(record);
  }
  writer.finish();
}

std::vector<Digest> row_of(StepRecord& record) {
  move_on(record);
  std::vector<Digest> row;
  for (const auto& tensor : record.of(Stage::weights)) row.push_back(tensor.digest);
  return row;
}

void write_plain(const fs::path& path, StepRecord& record) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  for (std::int64_t step = 0; step <= steps; ++step) {
    const auto row = row_of(record);
    check(::write(file, row.data(), row.size() * sizeof(Digest)) > 0, "the file takes a row");
  }
  ::fsync(file);
  ::close(file);
}

void write_lines(const fs::path& path, StepRecord& record, std::int64_t count) {
  std::ofstream out(path, std::ios::trunc);
  for (std::int64_t step = 0; step <= count; ++step) {
    out << "{\"step\":" << step;
    move_on(record);
    for (const auto& tensor : record.of(Stage::weights))
      out << ",\"" << tensor.name << "\":\"" << to_text(tensor.digest) << '"';
    out << "}\n";
  }
}

// As scripts do: a group for each step, a dataset for each tensor.
void write_datasets(const fs::path& path, StepRecord& record) {
  auto file = h5::File::create(path);
  for (std::int64_t step = 0; step <= few_steps; ++step) {
    const std::string group = "/" + std::to_string(step);
    file.make_group(group);
    move_on(record);
    for (const auto& tensor : record.of(Stage::weights))
      h5::Dataset::make(file.id(), group + "/" + tensor.name, {h5::Element::u64, 0, {2}, {2}, {}})
          .write({0}, {2}, &tensor.digest);
  }
  file.close();
}

}  // namespace

void add_trace_benchmarks(const fs::path& folder) {
  const std::string group = "steps of 300 tensors";
  const fs::path path = folder / "reprise-bench.h5";
  const auto record = std::make_shared<StepRecord>(record_of(1));
  way(group, "plain write", steps, [=] { write_plain(path, *record); });
  way(group, "trace", steps, [=] { write_trace(path, *record); });
  way(group, "JSON lines", steps, [=] { write_lines(path, *record, steps); });
  way(group, "a dataset for each digest", few_steps, [=] { write_datasets(path, *record); });
  write_trace(path, *record);
  // Digests of tensors, stages, root and chain, the loss and the samples.
  constexpr std::size_t payload = (tensors + 6 + 2 + 1) * 16 + 32 * 8;
  benchmark::AddCustomContext(
      "trace bytes per payload",
      std::to_string(static_cast<double>(fs::file_size(path)) / ((steps + 1) * payload)));
  fs::remove(path);
}

}  // namespace reprise
