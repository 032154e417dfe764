// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/component.h"

namespace reprise {

std::span<const Word<Content>> words_of(Content /*of*/) {
  static constexpr Word<Content> words[] = {
      {Content::code, "code"}, {Content::data, "data"}, {Content::document, "document"}};
  return words;
}

std::span<const Component> component_table() {
  static constexpr Component table[] = {
      {components::architecture, Content::code, 3, true},
      {components::weights, Content::data, 3, true},
      {components::report, Content::document, 3, true},
      {components::results, Content::document, 3, true},
      {components::card, Content::document, 3, true},
      {components::data_card, Content::document, 3, true},
      {"Sample model outputs", Content::document, 3, false},
      {components::training, Content::code, 2, true},
      {components::inference, Content::code, 2, true},
      {components::evaluation, Content::code, 2, true},
      {"Evaluation data", Content::data, 2, true},
      {components::libraries, Content::code, 2, false},
      {components::datasets, Content::data, 1, true},
      {components::preprocessing, Content::code, 1, true},
      {components::checkpoints, Content::data, 1, true},
      {components::paper, Content::document, 1, true},
      {components::metadata, Content::data, 1, false},
  };
  return table;
}

const Component& component_named(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& component : component_table()) {
    if (component.name == name) return component;
    names.emplace_back(component.name);
  }
  fail("{}", unknown_name("component", name, names));
}

}  // namespace reprise
