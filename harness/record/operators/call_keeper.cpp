// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/call_keeper.h"

#include <algorithm>

#include "harness/record/device_digest.h"
#include "harness/record/operators/op_arguments.h"
#include "harness/record/operators/op_tensor.h"
#include "harness/record/tensor_digest.h"
#include "harness/tensor/element_walk.h"

namespace reprise {

using Json = nlohmann::ordered_json;

void CallKeeper::keep(const std::string& name, const TensorView& view) {
  ElementWalk walk(view);
  Kept kept{name,
            std::string(view.dtype),
            {view.shape.begin(), view.shape.end()},
            std::vector<std::byte>(walk.bytes()),
            view.element_bytes};
  if (const auto lying = walk.contiguous())
    std::ranges::copy(*lying, kept.bytes.begin());
  else
    walk.take(kept.bytes.data(), kept.bytes.size());
  kept_.push_back(std::move(kept));
}

void CallKeeper::keep_inputs(const c10::OperatorName& name, c10::ArrayRef<const c10::IValue> inputs) {
  Json arguments = Json::array(), layouts = Json::array();
  std::size_t number = 0, next = 0;
  for (const c10::IValue& argument : inputs) {
    each_tensor(argument, [&](const at::Tensor& tensor) {
      Json layout = nullptr;
      if (is_observable(tensor) || is_observable_there(tensor)) {
        const at::Tensor here = copied_to_cpu(tensor, false);
        keep("input/" + std::to_string(number), view_of(here, "input"));
        layout = {{"strides", tensor.strides().vec()}, {"offset", tensor.storage_offset()}};
      }
      layouts.push_back(layout);
      ++number;
    });
    arguments.push_back(argument_json(argument, next));
  }
  about_ = {{"operator", name.name},
            {"overload", name.overload_name},
            {"arguments", arguments.dump()},
            {"layouts", layouts.dump()}};
}

void CallKeeper::keep_output(const at::Tensor& tensor) {
  if (is_observable(tensor) || is_observable_there(tensor)) {
    const at::Tensor here = copied_to_cpu(tensor, false);
    keep("output/" + std::to_string(outputs_), view_of(here, "output"));
  }
  ++outputs_;
}

void CallKeeper::keep_output(const TensorView& view, c10::Device device) {
  const std::string name = "output/" + std::to_string(outputs_++);
  if (device.is_cpu()) return keep(name, view);
  const at::Tensor here = copied_to_cpu(view, device);
  keep(name, view_of(here, name));
}

void CallKeeper::write() {
  std::vector<StoredTensor> stored;
  std::vector<std::vector<std::int64_t>> strides;
  strides.reserve(kept_.size());
  for (const auto& kept : kept_) {
    auto& own = strides.emplace_back(kept.shape.size(), 1);
    for (std::size_t i = own.size(); i-- > 1;) own[i - 1] = own[i] * kept.shape[i];
    stored.push_back({kept.name, {kept.dtype, kept.shape, own, kept.bytes.data(), kept.element_bytes}});
  }
  write_safetensors(file_, stored, about_);
  written_ = true;
}

}  // namespace reprise
