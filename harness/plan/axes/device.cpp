// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis device{
    .summary = "where it trains: the CPU, or a GPU by number, UUID or name",
    .values = "cpu cuda:0 cuda:1 cuda:GPU-UUID cuda:NAME",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "device", value); },
};

}  // namespace reprise::axes
