// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rows of the pin table, sorted by name. Read them through pins.h.
#include <span>

#include "harness/plan/pins.h"

namespace reprise {

std::span<const Pin> pin_rows();

}  // namespace reprise
