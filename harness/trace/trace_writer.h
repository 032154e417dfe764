// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes a trace step by step: rows are gathered into batches of 64, each batch is flushed, then `committed`
// is raised and flushed, so that a SIGKILL at any moment leaves a file whose committed rows are whole. The
// file grows under PATH.partial and takes its name in finish().
#include <filesystem>
#include <memory>

#include "harness/trace/trace.h"

namespace reprise {

// What is known before the first step.
struct TraceHead {
  Plan plan;
  Facts facts;
  std::vector<TensorDigest> data;
};

class TraceWriter {
 public:
  TraceWriter(const std::filesystem::path& path, const TraceHead& head);
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
  std::int64_t committed() const;  // the last committed step; before any, the one before the first
  // Commits, marks the trace finished, closes it and gives it its final name.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reprise
