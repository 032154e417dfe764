// SPDX-License-Identifier: Apache-2.0
// Digits named and drawn by one transformer, drawn by a flow from noise, as JanusFlow is trained
// (recipes/vision/janusflow_training.h).
#include "recipes/vision/janusflow_training.h"

namespace reprise::programs {

extern const Program janusflow{
    .summary = "digits named and drawn by one transformer: drawn by a rectified flow, its weights averaged",
    .begin = train_janusflow,
};

}  // namespace reprise::programs
