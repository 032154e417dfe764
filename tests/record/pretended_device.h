// SPDX-License-Identifier: Apache-2.0
#pragma once
// A device that only pretends to be one: LibTorch's PrivateUse1 with the host's memory and the CPU's
// operators, so that a recipe trains there with real numbers. It refuses what a GPU refuses, an operator that
// is given tensors of two devices, and LibTorch lets nobody read its tensors as the CPU's.
#include <c10/core/Device.h>

#include <string>

namespace reprise {

inline const c10::Device pretended_device{c10::DeviceType::PrivateUse1, 0};

// How the refusal begins: "tensors of two devices in aten::index_select".
inline const std::string refusal_of_two_devices = "tensors of two devices in ";

// Operator calls that ran there so far.
std::int64_t pretended_calls();

}  // namespace reprise
