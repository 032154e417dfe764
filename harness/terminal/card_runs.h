// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cards by what people type, and what was measured of their recipes where runs are kept.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/judge/card/found.h"

namespace reprise {

// A path to a card (.toml, or a .yml of the Model Openness Tool), the bare name of one in a folder of cards,
// or a recipe: then the card that names it, or else one made from the recipe itself.
Card named_card(const std::string& name, const std::vector<std::filesystem::path>& folders);
// Every card of the folders, sorted by name. An Error if there is none.
std::vector<Card> all_cards(const std::vector<std::filesystem::path>& folders);

// The matrices and the reports of claims that are kept in a folder of runs, by the recipe that ran; judged
// once, however many cards ask.
class KeptMatrices {
 public:
  explicit KeptMatrices(std::filesystem::path runs);
  CardFound beside(const Card& card);

 private:
  std::filesystem::path runs_;
  std::map<std::string, std::vector<Matrix>> by_recipe_;
  std::map<std::string, std::vector<std::string>> files_;
  std::map<std::string, std::vector<Measured>> measured_;
  std::map<std::string, std::vector<MeasuredClaim>> claims_;
};

}  // namespace reprise
