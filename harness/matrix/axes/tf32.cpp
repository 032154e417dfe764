// SPDX-License-Identifier: Apache-2.0
// TF32 keeps 10 of float32's 23 bits of a factor. Matrix products and convolutions are switched apart.
#include "harness/base/error.h"
#include "harness/matrix/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis tf32{
    .summary = "whether a GPU may round float32 factors to TF32: in no library, cuDNN, cuBLAS, or both",
    .values = "off cudnn cublas on",
    .promise = Promise::numeric,
    .apply =
        [](Plan& plan, std::string_view value) {
          if (value != "off" && value != "cudnn" && value != "cublas" && value != "on")
            fail("wanted off, cudnn, cublas or on for axis tf32, found '{}'", value);
          set_pin(plan, "tf32-cudnn", value == "cudnn" || value == "on" ? "on" : "off");
          set_pin(plan, "matmul-precision", value == "cublas" || value == "on" ? "high" : "highest");
        },
};

}  // namespace reprise::axes
