// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/devices.h"

#include <cstdlib>

#include "harness/base/error.h"

namespace reprise {
namespace {

// A pin that a GPU's libraries alone read: on the CPU any value would give equal bits and look like a
// finding. A command may well use a GPU whatever the pin says.
std::string wanted_of_no_gpu(const Plan& plan) {
  if (plan.command) return "";
  for (const auto& [name, value] : plan.pins)
    if (const Pin* pin = find_pin(name);
        pin != nullptr && pin->read_by.refused_on_cpu && value != pin->fallback)
      return fmt::format("{}={} is for a GPU, and this plan trains on the CPU; add --set device=cuda:0", name,
                         value);
  return "";
}

// A value with which every product would end in an error, for want of another pin's.
std::string lacks_another_pin(const Plan& plan) {
  for (const auto& [name, value] : plan.pins) {
    const Pin* pin = find_pin(name);
    if (pin == nullptr || pin->needs.empty()) continue;
    const auto colon = pin->needs.find(':');
    const auto wanted = pin->needs.substr(colon + 1), other = wanted.substr(0, wanted.find('='));
    if (value != pin->needs.substr(0, colon)) continue;
    const auto found = pin_value(plan.pins, other);
    if (found == wanted.substr(other.size() + 1)) continue;
    return fmt::format("{}={} needs {}, and {} is {}; add --pin {}", name, value, wanted, other, found,
                       wanted);
  }
  return "";
}

}  // namespace

const GpuList& gpus_for_runs() {
  // Read by the driver when it is first asked. Runs get an environment of their own.
  ::setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", 1);
  return gpus_here();
}

bool wants_gpu(const Plan& plan) {
  const std::string device(pin_value(plan.pins, "device"));
  return !device.empty() && device != "cpu";
}

std::string no_device(const Plan& plan) {
  if (wants_gpu(plan) || plan.command)
    if (const std::string lacking = lacks_another_pin(plan); !lacking.empty()) return lacking;
  if (!wants_gpu(plan)) return wanted_of_no_gpu(plan);
  const std::string device(pin_value(plan.pins, "device"));
  const GpuList& list = gpus_for_runs();
  // In another order only the run itself knows which GPU a number means.
  const bool in_order = pin_value(plan.pins, "cuda-device-order") == "pci";
  const std::string trouble = in_order ? pick_gpu(list, device).trouble : list.trouble;
  return trouble.empty() ? "" : fmt::format("device={} cannot be used: {}", device, trouble);
}

}  // namespace reprise
