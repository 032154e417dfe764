// SPDX-License-Identifier: Apache-2.0
#pragma once
// The pins that are LibTorch settings: how each is set, and how it is read back from LibTorch itself.
#include <span>
#include <string>
#include <string_view>

namespace reprise {

struct TorchSetting {
  std::string_view pin;
  void (*set)(std::string_view value);
  // The pin's value as LibTorch has it now. `wanted` is given back where this LibTorch has no such switch, or
  // where the pin leaves the choice to LibTorch.
  std::string (*read)(std::string_view wanted);
};

std::span<const TorchSetting> torch_settings();  // sorted by pin

}  // namespace reprise
