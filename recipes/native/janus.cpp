// SPDX-License-Identifier: Apache-2.0
// Digits named and drawn by one transformer, as Janus is trained (recipes/vision/janus_training.h).
#include "recipes/vision/janus_training.h"

namespace reprise::programs {

extern const Program janus{
    .summary = "digits named and drawn by one transformer: seen by one encoder, drawn as codes of another",
    .begin = train_janus,
};

}  // namespace reprise::programs
