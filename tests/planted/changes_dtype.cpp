// SPDX-License-Identifier: Apache-2.0
// changes the default dtype in the middle
#include <c10/core/DefaultDtype.h>

#include "planted/tiny_training.h"

namespace reprise::programs {

extern const Program changes_dtype{
    .summary = "changes the default dtype in the middle",
    .begin =
        [](const Setup& setup) {
          return tiny(setup, [] { c10::set_default_dtype(caffe2::TypeMeta::Make<double>()); });
        },
};

}  // namespace reprise::programs
