// SPDX-License-Identifier: Apache-2.0
#pragma once
// XXH3's default secret, cut into the words that each part of a stripe needs.
#include "harness/record/cuda/layout.h"

namespace reprise::cuda {

Secret default_secret();

}  // namespace reprise::cuda
