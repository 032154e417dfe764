// SPDX-License-Identifier: Apache-2.0
#include "probes/streams/cards.h"

#include <cctype>
#include <optional>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "probes/streams/grid_rule.h"

namespace reprise {
namespace {

const std::vector<CudaCard>& cards() {
  static const std::vector<CudaCard> all = {
      {"T4", 40, 1024},         {"L4", 58, 1536},    {"A10", 72, 1536},   {"A10G", 80, 1536},
      {"RTX 3090", 82, 1536},   {"H20", 78, 2048},   {"V100", 80, 2048},  {"RTX 4090D", 114, 1536},
      {"RTX 4090", 128, 1536},  {"L40", 142, 1536},  {"L40S", 142, 1536}, {"A100", 108, 2048},
      {"H100 PCIe", 114, 2048}, {"H100", 132, 2048}, {"H200", 132, 2048}, {"B200", 148, 2048, false}};
  return all;
}

std::string plain(const std::string& name) {
  std::string kept;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      kept += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const char* maker : {"nvidia", "rtx"})
    if (kept.starts_with(maker)) kept.erase(0, std::string_view(maker).size());
  return kept == "h100sxm" ? "h100" : kept;
}

std::optional<CudaCard> by_numbers(const std::string& text) {
  const auto by = text.find('x');
  if (by == std::string::npos) return std::nullopt;
  const auto processors = to_integer(text.substr(0, by)), threads = to_integer(text.substr(by + 1));
  if (!processors || !threads) return std::nullopt;
  if (*processors < 1 || *processors > 4096 || *threads < 256 || *threads > 65536)
    fail("wanted 1 to 4096 processors of 256 to 65536 threads each, found '{}'", text);
  return CudaCard{text, static_cast<int>(*processors), static_cast<int>(*threads)};
}

}  // namespace

std::int64_t CudaCard::at_once() const { return drawn_at_once(processors, threads_per_processor); }

std::span<const CudaCard> known_cuda_cards() { return cards(); }

CudaCard cuda_card_like(const std::string& text) {
  if (const auto card = by_numbers(text)) return *card;
  std::vector<std::string> names;
  for (const auto& card : cards()) {
    if (plain(card.name) == plain(text)) return card;
    names.push_back(card.name);
  }
  fail("{}; any other card is PROCESSORSxTHREADS, such as 132x2048", unknown_name("card", text, names));
}

}  // namespace reprise
