// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes a trace step by step: rows are gathered into batches of 64, each batch is flushed, then `committed`
// is raised and flushed. Before that they stand in a journal, PATH.journal, which is synced with the disk
// once a second, so that neither a SIGKILL nor a lost power costs a step that was committed or synced. The
// file grows under PATH.partial; in finish() it takes its name, and the journal goes.
#include <chrono>
#include <filesystem>
#include <memory>

#include "harness/trace/trace.h"
#include "harness/trace/trace_head.h"

namespace reprise {

class TraceWriter {
 public:
  // A step is synced as soon as it is written if so much time has passed since the last sync; 0: each step.
  TraceWriter(const std::filesystem::path& path, const TraceHead& head,
              std::chrono::milliseconds sync_every = std::chrono::seconds(1));
  ~TraceWriter();  // without finish(), leaves PATH.partial as a readable trace of the committed steps
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;

  // Rows in order, from step 0, or from plan.watch.from. Computes stage digests, root and chain. A checkpoint
  // commits at once.
  void write(const StepRecord& record);
  // The operator calls of the step whose row is written next, by role, then order: they are committed with
  // it.
  void write_calls(const std::vector<OpCall>& calls);
  // One reading of the pins, for the step written last.
  void write_pins(const Pins& values);
  // Commits what is gathered.
  void commit();
  // The last step that a SIGKILL does not cost, whatever becomes of the journal; before any, the one before
  // the first. And the last that a lost power does not cost, which may be an earlier or a later one.
  std::int64_t committed() const;
  std::int64_t synced() const;
  // Commits, marks the trace finished, closes it and gives it its final name.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reprise
