// SPDX-License-Identifier: Apache-2.0
#pragma once
// Thrown when a run cannot be done here for want of something that is not the program's fault, such as a data
// file: the worker ends with its own exit code, and the run counts as untested, not as failed.
#include <stdexcept>

namespace reprise {

struct Skip : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace reprise
