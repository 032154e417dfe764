// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/matrix/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {
namespace {

constexpr std::array<std::string_view, 4> kernels = {"flash", "mem-efficient", "math", "cudnn"};

// One kernel alone, or with `default` those that the pins allow unless told.
void allow(Plan& plan, std::string_view value) {
  const std::vector<std::string> known = {"default", "flash", "mem-efficient", "math", "cudnn"};
  if (std::find(known.begin(), known.end(), value) == known.end())
    fail("{}", unknown_name("attention kernel", value, known));
  for (const auto kernel : kernels) {
    const std::string pin = "sdp-" + std::string(kernel);
    const bool on = value == "default" ? pick_pin(pin).fallback == "on" : value == kernel;
    set_pin(plan, pin, on ? "on" : "off");
  }
}

}  // namespace

extern const Axis sdpa{
    .summary = "the kernel of attention; each sums in an order of its own",
    .values = "default flash mem-efficient math cudnn",
    .promise = Promise::numeric,
    .apply = allow,
};

}  // namespace reprise::axes
