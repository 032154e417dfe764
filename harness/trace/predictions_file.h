// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a classifier predicted at the end of its training: a safetensors file in the run's folder with the I64
// tensors `predicted` and `label`, one element for each example of the test set, in its order. Its metadata
// has `plan`, the id of the plan, and `accuracy`, the name of the metric (in %) that the two make up.

namespace reprise {

inline constexpr const char* predictions_file_name = "predictions.safetensors";  // in a run's folder

}  // namespace reprise
