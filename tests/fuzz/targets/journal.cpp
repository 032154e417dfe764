// SPDX-License-Identifier: Apache-2.0
// Journals of unfinished traces. An input is what records hold, each after its length in four bytes; their
// checks are made anew, as whoever forges one would, so that what stands behind them is reached.
#include "harness/tables/journal.h"

#include <cstring>

#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/trace/trace.h"
#include "trace/rich_trace.h"

namespace reprise::fuzz_targets {
namespace {

std::string input_of(const std::filesystem::path& journal) {
  std::string input;
  JournalReader reader(journal);
  while (const auto record = reader.next()) {
    const auto bytes = static_cast<std::uint32_t>(record->size());
    input.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
    input.append(reinterpret_cast<const char*>(record->data()), record->size());
  }
  return input;
}

// Of a run that was ended after a few steps, with an operator window.
std::string short_run() {
  const auto path = placed("", "made/trace.h5");
  MadeRun run;
  run.steps = 5;
  run.elements = 12;
  TraceHead head = run.head();
  head.plan.watch.ops.first = head.plan.watch.ops.last = 2;
  TraceWriter writer(path, head, std::chrono::milliseconds(0));
  for (std::int64_t step = 0; step < run.steps; ++step) {
    OpCall call;
    call.step = step;
    call.name = "aten::add.Tensor";
    call.inputs = call.outputs = {{name_digest("x"), "F32", {2}, Seen::content}};
    if (step == 2) writer.write_calls({call});
    StepRecord record = run.record(step);
    add_index(record);
    writer.write(record);
    if (record.checkpoint) writer.write_pins(run.pins);
  }
  return input_of(path.parent_path() / "trace.h5.journal");
}

std::vector<std::string> seeds() { return {short_run()}; }

void write_journal(const std::filesystem::path& path, const std::string& input) {
  Journal journal;
  journal.create(path);
  for (std::size_t at = 0; at + sizeof(std::uint32_t) <= input.size();) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, input.data() + at, sizeof bytes);
    at += sizeof bytes;
    const std::string content = input.substr(at, bytes);
    journal.append(std::as_bytes(std::span(content)));
    at += content.size();
  }
}

void read(const std::string& input) {
  const auto path = placed("", "journal/trace.h5.partial");
  write_journal(path.parent_path() / "trace.h5.journal", input);
  const Trace trace(path);
  trace.losses(trace.first_step(), trace.last_step());
  trace.metrics();
  trace.pin_checks();
  for (const std::int64_t step : trace.checkpoint_steps()) trace.leaves(step);
  for (std::int64_t step = trace.first_step(); step <= std::min<std::int64_t>(trace.last_step(), 9); ++step)
    trace.calls(step);
}

}  // namespace

extern const FuzzTarget journal{
    .summary = "journals of unfinished traces",
    .seeds = seeds,
    .read = read,
    .slow = true,
};

}  // namespace reprise::fuzz_targets
