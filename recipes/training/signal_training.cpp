// SPDX-License-Identifier: Apache-2.0
#include "recipes/training/signal_training.h"

#include "recipes/models/signal_models.h"
#include "recipes/training/classifier.h"

namespace reprise {

std::unique_ptr<Training> train_signals(const Setup& setup, const Labelled& train, const Labelled& test,
                                        std::int64_t classes) {
  Classification task{.train = train, .test = test, .make_model = {}, .adam = {.rate = setup.number("lr")}};
  const SignalModelSizes sizes{.length = train.x.size(1),
                               .classes = classes,
                               .hidden = setup.integer("hidden"),
                               .channels = setup.integer("channels"),
                               .units = setup.integer("units")};
  task.make_model = [&](Parameters& made) { return make_signal_model(made, setup.text("model"), sizes); };
  return classify(setup, task);
}

}  // namespace reprise
