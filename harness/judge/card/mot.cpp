// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/mot.h"

#include "harness/judge/card/licence.h"
#include "harness/judge/card/yaml.h"

namespace reprise {

std::vector<std::string> mot_words(std::string_view field) {
  if (field == "type")
    return {"language", "vision", "image", "audio", "video", "3d", "code", "multimodal", "other"};
  if (field == "architecture")
    return {"transformer",
            "transformer decoder",
            "transformer encoder-decoder",
            "decoder",
            "encoder",
            "diffusion",
            "RNN",
            "CNN",
            "LSTM",
            "NeRF",
            "hybrid",
            "undisclosed",
            "other"};
  return {"pre-trained", "instruct fine-tuned", "chat fine-tuned"};
}

namespace {

using Json = nlohmann::ordered_json;

Json licence_table(const Card& card, const std::string& licence) {
  return Json{{"name", licence_title(card, licence)}};
}

Json release_licences(const Card& card) {
  Json licences = Json::object();
  if (!card.licence.distribution.empty())
    licences["distribution"] = licence_table(card, card.licence.distribution);
  for (const auto& [content, licence] : card.licence.by_content)
    licences[std::string(to_text(content))] = licence_table(card, licence);
  return licences;
}

Json component_table_of(const Card& card, const ComponentClaim& claim) {
  Json entry = {{"name", claim.component->name}};
  if (!claim.note.empty()) entry["description"] = claim.note;
  if (!claim.licence.empty()) entry["license"] = licence_title(card, claim.licence);
  if (!claim.path.empty()) entry["component_path"] = claim.path;
  return entry;
}

}  // namespace

std::string mot_of(const Card& card) {
  Json release = {{"name", card.title}, {"version", card.version}, {"license", release_licences(card)}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) release[key] = value;
  };
  add("date", card.date);
  add("type", card.type);
  add("architecture", card.architecture);
  add("treatment", card.treatment);
  release["producer"] = card.producer;
  add("repository", card.repository);
  release["components"] = Json::array();
  for (const auto& claim : card.components)
    if (claim.published == Published::yes) release["components"].push_back(component_table_of(card, claim));
  const Json framework = {{"name", "Model Openness Framework"}, {"version", "1.0"}, {"date", "2024-12-15"}};
  return yaml_text(Json{{"framework", framework}, {"release", release}});
}

}  // namespace reprise
