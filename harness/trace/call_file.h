// SPDX-License-Identifier: Apache-2.0
#pragma once
// One operator call kept whole: a safetensors file with tensors input/0, input/1, ... (before the call) and
// output/0, ... (after it), as an OpCall lists them, those without plain memory left out. Its metadata has
//   operator   "aten::addmm"; overload: "" or "out"
//   arguments  JSON, every argument in order: {"tensor": 0} for input/0, {"undefined": 1}, {"int": 3},
//              {"double": "0x1p-3"}, {"bool": true}, {"text": "..."}, {"device": "cpu"}, {"none": null};
//              lists of these as {"ints": [...]}, doubles, bools, tensors, optional_tensors; what a file
//              cannot hold as {"other": KIND}
//   layouts    JSON, for each input {"strides": [...], "offset": ...} in elements; null: no plain memory
// so that `reprise-worker replay` can make the call again outside the recipe, with the same memory layout.
#include <filesystem>
#include <map>
#include <string>

#include "harness/tensor/safetensors.h"

namespace reprise {

inline constexpr const char* call_file_name = "call.safetensors";    // in a run's folder
inline constexpr const char* start_file_name = "start.safetensors";  // the checkpoint a run begins from

}  // namespace reprise
