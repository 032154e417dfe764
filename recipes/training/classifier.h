// SPDX-License-Identifier: Apache-2.0
#pragma once
// Classification: inputs with one label each, cross-entropy, Adam; metrics test_loss (nats) and test_accuracy
// (%).
#include <functional>
#include <memory>

#include "recipes/data/labelled.h"
#include "recipes/models/model.h"
#include "recipes/training/gradient_training.h"

namespace reprise {

struct Classification {
  Labelled train, test;
  std::function<Model(Parameters& made)> make_model;
  AdamChoices adam;
};

std::unique_ptr<Training> classify(const Setup& setup, const Classification& task);

}  // namespace reprise
