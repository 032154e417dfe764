// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a resumed run goes on, told by its optimizer: the weights that it began with may be what it did not
// restore.
#include <cstdint>
#include <optional>

#include "harness/trace/trace.h"

namespace reprise {

// The last step of `whole` after which its optimizer had the state that `resumed` began with, tensor by
// tensor; the numbers of its groups and the loss scale are left out, since a schedule sets them before a
// step. Nothing if it never had, or the optimizer keeps no state.
std::optional<std::int64_t> step_with_state(const Trace& whole, const Trace& resumed);

}  // namespace reprise
