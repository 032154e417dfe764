// SPDX-License-Identifier: Apache-2.0
#pragma once
// The 17 components of the Model Openness Framework, as lfai/model_openness_tool @8b5d30e names them: what
// each holds, the class it enters at (3 Open Model, 2 Open Tooling, 1 Open Science), and whether that class
// needs it.
#include <span>
#include <string>
#include <string_view>

#include "harness/base/words.h"

namespace reprise {

enum class Content { code, data, document };
std::span<const Word<Content>> words_of(Content content);

struct Component {
  std::string_view name;  // exact, as files of the tool write it
  Content content;
  int enters_at;
  bool required;
};

std::span<const Component> component_table();
// An Error for any other name, with the nearest one.
const Component& component_named(std::string_view name);

namespace components {
inline constexpr std::string_view architecture = "Model architecture", weights = "Model parameters (Final)",
                                  report = "Technical report", results = "Evaluation results",
                                  training = "Training code", inference = "Inference code",
                                  datasets = "Datasets", checkpoints = "Model parameters (Intermediate)",
                                  paper = "Research paper", card = "Model card", data_card = "Data card",
                                  evaluation = "Evaluation code",
                                  libraries = "Supporting libraries and tools",
                                  preprocessing = "Data preprocessing code", metadata = "Model metadata";
}  // namespace components

}  // namespace reprise
