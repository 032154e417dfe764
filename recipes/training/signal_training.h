// SPDX-License-Identifier: Apache-2.0
#pragma once
// The training that waves and mnist1d have in common: a model of 1-D signals, told apart by class.
#include <cstdint>
#include <memory>

#include "harness/record/training/program.h"
#include "recipes/data/labelled.h"

namespace reprise {

// The whole training of a recipe for signals: its parameters `model`, `hidden`, `channels`, `units` and `lr`
// choose the model, `examples` are [samples, length] with labels below `classes`.
std::unique_ptr<Training> train_signals(const Setup& setup, const Labelled& train, const Labelled& test,
                                        std::int64_t classes);

}  // namespace reprise
