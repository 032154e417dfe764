// SPDX-License-Identifier: Apache-2.0
// The metadata of a Hugging Face model card: YAML between two lines of dashes, at the head of a README.md,
// and below it what it cannot say. The keys are those of modelcard.md in huggingface/hub-docs.
#include <algorithm>
#include <array>
#include <cctype>

#include "harness/judge/card/export.h"
#include "harness/judge/card/licence.h"
#include "harness/judge/card/yaml.h"

namespace reprise::card_exports {
namespace {

using Json = nlohmann::ordered_json;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// Those of the hub's list of licences that are an SPDX identifier in small letters.
constexpr std::array known = {"apache-2.0",
                              "mit",
                              "afl-3.0",
                              "artistic-2.0",
                              "bsl-1.0",
                              "bsd-2-clause",
                              "bsd-3-clause",
                              "cc0-1.0",
                              "cc-by-2.0",
                              "cc-by-2.5",
                              "cc-by-3.0",
                              "cc-by-4.0",
                              "cc-by-sa-3.0",
                              "cc-by-sa-4.0",
                              "cc-by-nc-2.0",
                              "cc-by-nc-3.0",
                              "cc-by-nc-4.0",
                              "cc-by-nd-4.0",
                              "cc-by-nc-nd-4.0",
                              "cc-by-nc-sa-4.0",
                              "cdla-sharing-1.0",
                              "cdla-permissive-1.0",
                              "cdla-permissive-2.0",
                              "wtfpl",
                              "ecl-2.0",
                              "epl-1.0",
                              "epl-2.0",
                              "etalab-2.0",
                              "eupl-1.1",
                              "agpl-3.0",
                              "gpl-2.0",
                              "gpl-3.0",
                              "isc",
                              "lgpl-3.0",
                              "lppl-1.3c",
                              "ms-pl",
                              "mpl-2.0",
                              "osl-3.0",
                              "postgresql",
                              "ofl-1.1",
                              "ncsa",
                              "unlicense",
                              "zlib"};

// Those of the hub's list of licences that are an SPDX identifier in small letters. Any other is "other",
// with its name beside it.
bool hub_knows(const std::string& licence) { return std::ranges::find(known, licence) != known.end(); }

void add_licence(const Card& card, Json& metadata) {
  const auto& weights = claim_of(card, components::weights);
  const std::string licence = licence_of(card, weights);
  if (weights.published != Published::yes || licence.empty() || licence == unlicensed) return;
  if (hub_knows(lower(licence))) {
    metadata["license"] = lower(licence);
    return;
  }
  metadata["license"] = "other";
  std::string name = lower(licence_title(card, licence));
  std::ranges::replace(name, ' ', '-');
  metadata["license_name"] = name;
  for (const auto& own : card.own_licences)
    if (own.id == licence && !own.path.empty()) metadata["license_link"] = own.path;
}

std::string write(std::span<const CardFound> cards) {
  const CardFound& found = only_card(cards, "hugging-face");
  const Card& card = found.card;
  Json metadata = {{"model_name", card.title}};
  add_licence(card, metadata);
  metadata["tags"] = {"openness-card", "mof-class-" + replace_all(lower(class_words(found.mof)), " ", "-")};
  std::string text = "---\n" + yaml_text(metadata) + "---\n\n# " + card.title + "\n\n";
  text += runnable_sentence(found.ingredients) +
          "\n\n| component | published | licence | source |\n|---|---|---|---|\n";
  const auto plain = [](std::string words) { return replace_all(std::move(words), "|", "\\|"); };
  for (const auto& claim : card.components) {
    const std::string licence = licence_title(card, licence_of(card, claim));
    const bool there = claim.published == Published::yes || claim.published == Published::partly;
    text += fmt::format("| {} | {} | {} | {} |\n", claim.component->name, to_text(claim.published),
                        there ? plain(licence.empty() ? "no source" : licence) : "", plain(claim.source));
  }
  return text;
}

}  // namespace

extern const CardExport hugging_face{
    .summary = "a README.md with the metadata of a Hugging Face model card",
    .extension = "md",
    .write = write,
};

}  // namespace reprise::card_exports
