// SPDX-License-Identifier: Apache-2.0
#include "harness/record/value_keeper.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <ATen/record_function.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/record/device_digest.h"
#include "harness/record/tensor_digest.h"
#include "harness/tensor/element_walk.h"
#include "harness/tensor/safetensors.h"
#include "harness/trace/value_file.h"

namespace reprise {
namespace {

bool is_floating(std::string_view dtype) {
  constexpr std::array<std::string_view, 4> kinds{"F64", "F32", "F16", "BF16"};
  return std::ranges::find(kinds, dtype) != kinds.end();
}

// Little-endian: the first byte has the lowest bit of the mantissa, and flipping it moves a number by one
// ULP.
void move_by_one_ulp(const TensorView& tensor) {
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  auto* at = static_cast<std::byte*>(const_cast<void*>(static_cast<const void*>(tensor.data)));
  const auto width = static_cast<std::int64_t>(tensor.element_bytes);
  for (std::uint64_t left = elements_of(tensor.shape); left > 0; --left) {
    *at ^= std::byte{1};
    for (std::size_t axis = index.size(); axis-- > 0;) {
      at += tensor.strides[axis] * width;
      if (++index[axis] < tensor.shape[axis]) break;
      at -= tensor.shape[axis] * tensor.strides[axis] * width;
      index[axis] = 0;
    }
  }
}

}  // namespace

ValueKeeper ValueKeeper::of(const Watch& watch, std::filesystem::path folder) {
  ValueKeeper keeper(watch.values, std::move(folder));
  if (!watch.values.empty() || watch.ops.empty()) return keeper;
  keeper.streams_alone_ = true;
  keeper.window_.first = watch.ops.first;
  keeper.window_.last = watch.ops.last;
  return keeper;
}

bool ValueKeeper::wants(std::int64_t step, Stage stage) const {
  if (streams_alone_) return stage == Stage::rng && window_.holds(step);
  const bool is_weight = stage == Stage::weights;
  return (is_weight && window_.nudged > 0 && step == window_.nudged) ||
         (window_.holds(step) &&
          (is_weight || stage == Stage::gradients || stage == Stage::optimizer || stage == Stage::rng));
}

void ValueKeeper::see(std::int64_t step, Stage stage, const std::string& name, const TensorView& tensor) {
  if (!wants(step, stage) || (stage != Stage::rng && !is_floating(tensor.dtype))) return;
  if (stage == Stage::weights && step == window_.nudged) move_by_one_ulp(tensor);
  if (!window_.holds(step) || (stage == Stage::optimizer && elements_of(tensor.shape) != 1)) return;
  keep(fmt::format("{}/{}", name_of(stage), name), tensor);
}

void ValueKeeper::keep(const std::string& name, const TensorView& tensor) {
  const std::uint64_t elements = elements_of(tensor.shape);
  const std::uint64_t apart = std::max<std::uint64_t>(1, (elements + most_values - 1) / most_values);
  const std::uint64_t count = (elements + apart - 1) / apart;
  Kept kept{name, std::string(tensor.dtype), {static_cast<std::int64_t>(count)}, {}, tensor.element_bytes};
  kept.bytes.resize(count * kept.width);
  ElementWalk walk(tensor);
  const auto lying = walk.contiguous();
  std::vector<std::byte> portion(lying ? 0 : apart * kept.width);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::byte* from = lying ? lying->data() + i * apart * kept.width : portion.data();
    if (!lying) walk.take(portion.data(), std::min(apart, elements - i * apart) * kept.width);
    std::copy_n(from, kept.width, kept.bytes.begin() + static_cast<std::ptrdiff_t>(i * kept.width));
  }
  elements_[name] = elements;
  std::erase_if(kept_, [&](const Kept& other) { return other.name == name; });  // handed over anew
  kept_.push_back(std::move(kept));
}

void ValueKeeper::end_step(std::int64_t step) {
  if (kept_.empty()) return;
  std::vector<StoredTensor> stored;
  static constexpr std::array<std::int64_t, 1> in_a_row{1};
  for (const auto& kept : kept_)
    stored.push_back({kept.name, {kept.dtype, kept.shape, in_a_row, kept.bytes.data(), kept.width}});
  write_safetensors(value_file(folder_, step), stored, {{"elements", nlohmann::json(elements_).dump()}});
  kept_.clear();
  elements_.clear();
}

bool see_there(ValueKeeper& keeper, std::int64_t step, Stage stage, const std::string& name,
               const at::Tensor& tensor) {
  if (!keeper.wants(step, stage) || !tensor.defined() || tensor.numel() == 0) return false;
  const at::DisableRecordFunctionGuard unwatched;
  const at::NoGradGuard no_gradients;
  const at::Tensor here = copied_to_cpu(tensor, false);
  keeper.see(step, stage, name, view_of(here, name));
  if (!tensor.is_cpu() && stage == Stage::weights) tensor.detach().copy_(here);
  return true;
}

void see_generator(ValueKeeper& keeper, std::int64_t step) {
  if (!keeper.wants(step, Stage::rng)) return;
  const at::DisableRecordFunctionGuard unwatched;
  const at::Tensor state = at::detail::getDefaultCPUGenerator().get_state();
  // Whole words, so that none is left out where many bytes would be thinned.
  const std::array<std::int64_t, 1> shape{state.numel() / 8}, strides{1};
  keeper.see(step, Stage::rng, "torch.cpu", {"I64", shape, strides, state.const_data_ptr(), 8});
}

void see_all(ValueKeeper& keeper, std::int64_t step, const State& state) {
  for (const auto& one : state.weights) see_there(keeper, step, Stage::weights, one.name, one.tensor);
  for (const auto& one : state.gradients) see_there(keeper, step, Stage::gradients, one.name, one.tensor);
  for (const auto& one : state.optimizer)
    if (one.tensor.defined() && one.tensor.numel() == 1)
      see_there(keeper, step, Stage::optimizer, one.name, one.tensor);
  see_generator(keeper, step);
  keeper.end_step(step);
}

}  // namespace reprise
