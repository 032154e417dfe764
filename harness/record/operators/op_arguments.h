// SPDX-License-Identifier: Apache-2.0
#pragma once
// The arguments of an operator call: its tensors in one flat list, and the rest as text.
#include <ATen/core/ivalue.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace reprise {

// Calls `visit` for each tensor of an argument, a list's one by one; an absent one of a list of optional
// tensors counts as undefined. False if the argument holds no tensor at all.
bool each_tensor(const c10::IValue& argument, const std::function<void(const at::Tensor&)>& visit);

// "3", "0x1.8p-1", "true", "\"mean\"", "[1,2]", "none": the same text for the same value, wherever it runs.
// What has no value of its own to show (a generator, a stream) gives its kind.
std::string scalar_text(const c10::IValue& argument);

// As trace/call_file.h describes; tensors take the numbers from `next_tensor` on.
nlohmann::ordered_json argument_json(const c10::IValue& argument, std::size_t& next_tensor);

}  // namespace reprise
