// SPDX-License-Identifier: Apache-2.0
// The table of systems for spreadsheets, as RFC 4180 has it: one line per card, with the source of each
// claim.
#include "harness/judge/card/export.h"

namespace reprise::card_exports {
namespace {

std::string cell(const std::string& text) {
  // A spreadsheet runs what begins so as a formula.
  const bool formula = !text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos;
  const std::string safe = formula ? " " + text : text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  return "\"" + replace_all(safe, "\"", "\"\"") + "\"";
}

std::string line(const std::vector<std::string>& cells) {
  std::vector<std::string> written;
  for (const auto& text : cells) written.push_back(cell(text));
  return join(written, ",") + "\r\n";
}

std::vector<std::string> head_of(const Card& card) {
  std::vector<std::string> head = {"system"};
  for (const auto& one : shown_of(card)) {
    head.push_back(one.title);
    head.push_back(one.title + ": licence");
    head.push_back(one.title + ": source");
  }
  for (const auto* title : {"MOF class", "class III included", "class III required", "OSAID", "runnable",
                            "missing", "measured", "bit horizon"})
    head.emplace_back(title);
  return head;
}

std::vector<std::string> row_of(const CardFound& found) {
  std::vector<std::string> row = {found.card.title};
  for (const auto& one : shown_of(found.card)) {
    row.emplace_back(to_text(one.claim.published));
    row.push_back(one.licence);
    row.push_back(one.claim.source);
  }
  std::vector<std::string> missing;
  for (const auto& one : found.ingredients.missing) missing.push_back(one.name);
  const MofClass& open_model = found.mof.classes.front();
  const std::vector<std::string> rest = {class_words(found.mof),
                                         std::to_string(open_model.included),
                                         std::to_string(open_model.required),
                                         std::string(to_text(found.osaid.meets)),
                                         std::string(to_text(found.ingredients.runnable)),
                                         join(missing, "; "),
                                         measured_words(found),
                                         horizon_words(found)};
  row.insert(row.end(), rest.begin(), rest.end());
  return row;
}

}  // namespace

extern const CardExport csv{
    .summary = "the table of systems, for spreadsheets",
    .extension = "csv",
    .write =
        [](std::span<const CardFound> cards) {
          std::string text = line(head_of(cards.front().card));
          for (const auto& card : cards) text += line(row_of(card));
          return text;
        },
};

}  // namespace reprise::card_exports
