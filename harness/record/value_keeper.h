// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a plan wants of the values of some steps (Watch::values): weights and gradients, thinned, in a file a
// step (trace/value_file.h); and the control of a distance, every weight moved by one ULP. Bytes are copied
// at once, so no tensor is held.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/plan/plan.h"
#include "harness/record/state.h"
#include "harness/tensor/digest.h"
#include "harness/trace/trace.h"

namespace reprise {

class ValueKeeper {
 public:
  // `folder`: where the files go.
  ValueKeeper(const ValueWindow& window, std::filesystem::path folder)
      : window_(window), folder_(std::move(folder)) {}
  // Of a plan: where operators are traced and no values are wanted, the states of random generators alone.
  static ValueKeeper of(const Watch& watch, std::filesystem::path folder);

  // Whether this tensor of this step is to be moved or kept at all.
  bool wants(std::int64_t step, Stage stage) const;
  // A tensor on the CPU, as the step left it: a weight of the step `nudged` is moved first.
  void see(std::int64_t step, Stage stage, const std::string& name, const TensorView& tensor);
  // The step's file, of all that was seen since the last; nothing where that is nothing.
  void end_step(std::int64_t step);

 private:
  struct Kept {
    std::string name, dtype;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;
    std::size_t width;
  };
  void keep(const std::string& name, const TensorView& tensor);

  ValueWindow window_;
  bool streams_alone_ = false;
  std::filesystem::path folder_;
  std::vector<Kept> kept_;
  std::map<std::string, std::uint64_t> elements_;
};

// The state of torch's generator on the CPU, where it is wanted.
void see_generator(ValueKeeper& keeper, std::int64_t step);
// All weights and gradients of a native program's step, wherever they lie, and the step's end.
void see_all(ValueKeeper& keeper, std::int64_t step, const State& state);
// A weight on any device: what is moved is written back. False where nothing is wanted of it.
bool see_there(ValueKeeper& keeper, std::int64_t step, Stage stage, const std::string& name,
               const at::Tensor& tensor);

}  // namespace reprise
