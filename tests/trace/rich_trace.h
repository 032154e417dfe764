// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trace that has every part that a trace can have, and the names of its datasets.
#include <hdf5.h>

#include <string>
#include <vector>

#include "harness/hdf5/hdf5.h"
#include "trace/trace_fixture.h"

namespace reprise {

inline std::vector<std::string> datasets_of(const std::filesystem::path& path) {
  std::vector<std::string> names;
  const auto file = h5::File::open(path);
  const auto visit = [](hid_t, const char* name, const H5O_info_t* info, void* out) -> herr_t {
    if (info->type == H5O_TYPE_DATASET) static_cast<std::vector<std::string>*>(out)->emplace_back(name);
    return 0;
  };
  const auto seen = H5Ovisit2(file.id(), H5_INDEX_NAME, H5_ITER_INC, visit, &names, H5O_INFO_BASIC);
  check(seen >= 0, "a good trace can be walked over");
  for (auto& name : names) name = "/" + name;
  return names;
}

// The samples as a tensor of the batch, as every native recipe has them.
inline void add_index(StepRecord& record) {
  if (record.samples.empty()) return;
  const auto count = static_cast<std::int64_t>(record.samples.size());
  record.of(Stage::batch)
      .push_back({"index",
                  "I64",
                  {count},
                  tensor_digest("I64", {&count, 1}, std::as_bytes(std::span(record.samples))),
                  {}});
}

// A run with an operator window, metrics, leaves, and what it left.
// `shift` is added to every value of its tensors: another run of the same plan.
inline void write_rich_trace(const std::filesystem::path& path, float shift = 0) {
  MadeRun run;
  run.shift = shift;
  TraceHead head = run.head();
  head.plan.watch.ops.first = head.plan.watch.ops.last = 3;
  TraceWriter writer(path, head);
  for (std::int64_t step = 0; step <= run.steps; ++step) {
    OpCall call;
    call.step = step;
    call.name = "aten::add.Tensor";
    call.inputs = call.outputs = {{name_digest("x"), "F32", {2}, Seen::content}};
    call.kernels = {{"void add(float*)", {4, 1, 1}, {128, 1, 1}, 0, 16, 1}};
    call.place = {std::make_shared<const CodePlace>(CodePlace{"a.py", 2, "f", "x + x", "x", "fc", "b.py:1"})};
    if (step == 3) writer.write_calls({call});
    StepRecord record = run.record(step);
    add_index(record);
    writer.write(record);
    if (record.checkpoint) writer.write_pins(run.pins);
  }
  writer.finish();
  add_artifacts(path, {{"out.csv", "U8", {4}, name_digest("out"), std::string(64, 'a')}});
}

}  // namespace reprise
