// SPDX-License-Identifier: Apache-2.0
// many-traces FOLDER [TRACES STEPS TENSORS CLASSES]: writes FOLDER/0/trace.h5, FOLDER/1/trace.h5, ... in the
// real format, as runs of one plan leave them, without any training: 1,000 traces of 10,000 steps of 100
// tensors in 10 classes, unless told otherwise. The traces of class 0 agree; those of class k agree with them
// up to a step of its own. Each class is written once by the product's own writer, and the rest are copies of
// its bytes, each a file of its own.
#include <cstring>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>

#include "harness/base/error.h"
#include "harness/trace/trace_writer.h"

namespace {

using namespace reprise;
namespace fs = std::filesystem;

struct Size {
  std::int64_t traces = 1000, steps = 10000, tensors = 100, classes = 10;
};

TraceHead head_of(const Size& size) {
  Plan plan;
  plan.recipe = plan.program = "made";
  plan.steps = size.steps;
  plan.batch = 1;
  plan.samples = 4000;
  plan.evaluate_every = plan.watch.checkpoint_every = size.steps;
  plan.metric = Metric{"accuracy", "%", true, 0.5};
  plan.pins = default_pins();
  return {plan, {{"cpu.model", "made"}}, {}};
}

// The step from which on the bits of a class are its own; none of class 0's are.
std::int64_t parts_at(const Size& size, std::int64_t in_class) {
  return in_class == 0 ? size.steps + 1 : size.steps * in_class / size.classes;
}

TensorDigest tensor_of(const std::string& name, std::uint64_t a, std::uint64_t b) {
  return {name, "F32", {64, 64}, name_digest(name + '/' + std::to_string(a) + '/' + std::to_string(b)), {}};
}

// Gradients, weights and optimizer a third each; the loss is the last tensor.
StepRecord record_of(const Size& size, std::int64_t in_class, std::int64_t step) {
  StepRecord record;
  record.step = step;
  const auto own = static_cast<std::uint64_t>(step >= parts_at(size, in_class) ? in_class : 0);
  constexpr Stage stages[] = {Stage::weights, Stage::optimizer, Stage::gradients};
  for (std::int64_t i = 0; i + 1 < size.tensors; ++i)
    record.of(stages[i % 3])
        .push_back(tensor_of("layer" + std::to_string(i / 3), static_cast<std::uint64_t>(step), own));
  if (step == 0) return record;
  record.samples = {static_cast<std::uint64_t>(step * 7 % 4000)};
  const float loss = static_cast<float>(1 + own) / static_cast<float>(step);
  const std::int64_t one = 1;
  record.of(Stage::loss)
      .push_back(
          {"loss", "F32", {1}, tensor_digest("F32", {&one, 1}, std::as_bytes(std::span(&loss, 1))), {}});
  std::uint32_t bits = 0;
  std::memcpy(&bits, &loss, sizeof bits);
  record.loss = Loss{"F32", bits};
  return record;
}

void write_class(const fs::path& path, const Size& size, std::int64_t in_class) {
  fs::create_directories(path.parent_path());
  const TraceHead head = head_of(size);
  TraceWriter writer(path, head);
  for (std::int64_t step = 0; step <= size.steps; ++step) writer.write(record_of(size, in_class, step));
  writer.write_pins(head.plan.pins);
  writer.finish();
}

void write_all(const fs::path& folder, const Size& size) {
  for (std::int64_t i = 0; i < size.traces; ++i) {
    const fs::path path = folder / std::to_string(i) / "trace.h5";
    if (i < size.classes) {
      write_class(path, size, i);
      continue;
    }
    fs::create_directories(path.parent_path());
    fs::copy_file(folder / std::to_string(i % size.classes) / "trace.h5", path);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 2 || argc > 6) fail("wanted FOLDER [TRACES STEPS TENSORS CLASSES]; name a folder to make");
    Size size;
    std::int64_t* const numbers[] = {&size.traces, &size.steps, &size.tensors, &size.classes};
    for (int i = 2; i < argc; ++i) *numbers[i - 2] = std::stoll(argv[i]);
    if (size.traces < 1 || size.steps < 1 || size.tensors < 2 || size.classes < 1)
      fail("wanted at least 1 trace, 1 step, 2 tensors and 1 class; give larger numbers");
    write_all(argv[1], size);
  } catch (const std::exception& error) {
    std::cerr << "many-traces: " << error.what() << '\n';
    return 2;
  }
}
