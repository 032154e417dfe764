// SPDX-License-Identifier: Apache-2.0
#pragma once
// One operator call kept whole: a safetensors file with tensors input/0, input/1, ... (before the call) and
// output/0, ... (after it), as an OpCall lists them, those without content left out. Its metadata has
//   operator   "aten::addmm", overload ""
//   arguments  JSON: every argument in order, {"tensor": 0} for input/0, {"int": 3}, {"double": "0x1p-3"},
//              {"bool": true}, {"text": "..."}, {"none": null}, {"dtype": "F32"}, {"list": [...]}
//   layouts    JSON: for each input its strides and its offset into the storage, in elements
// so that `reprise-worker replay` can make the call again outside the recipe, with the same memory layout.
#include <filesystem>
#include <map>
#include <string>

#include "harness/trace/safetensors.h"

namespace reprise {

inline constexpr const char* call_file_name = "call.safetensors";    // in a run's folder
inline constexpr const char* start_file_name = "start.safetensors";  // the checkpoint a run begins from

}  // namespace reprise
