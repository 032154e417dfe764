// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/plan_text.h"

#include "harness/tensor/digest.h"

namespace reprise {
namespace {

// Whether a line says where something lies, which names nothing.
bool is_a_place(std::string_view table, std::string_view line) {
  if (table == "[[data]]") return line.starts_with("file = ") || line.starts_with("source = ");
  return table == "[command]" && line.starts_with("folder = ");
}

// What of a run's plan is no part of the thing trained.
bool is_of_the_run(std::string_view table, std::string_view line) {
  return table.empty() && (line.starts_with("order_sha256 = ") || line.starts_with("resume_at = "));
}

}  // namespace

std::string digest_of_text(const std::string& text) {
  const auto size = static_cast<std::int64_t>(text.size());
  return to_text(tensor_digest("U8", {&size, 1}, std::as_bytes(std::span(text))));
}

PlanNames names_of_plan_text(std::string_view text) {
  std::string run, recipe;
  std::string_view table;
  bool of_recipe = true;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    if (line.starts_with('[')) table = line.substr(0, line.find('\n'));
    of_recipe = of_recipe && table != "[pins]";
    if (is_a_place(table, line)) continue;
    run += line;
    if (of_recipe && !is_of_the_run(table, line)) recipe += line;
  }
  // The empty line before [pins] belongs to what follows it.
  if (recipe.size() < run.size() && recipe.ends_with("\n\n")) recipe.pop_back();
  return {digest_of_text(run), digest_of_text(recipe)};
}

}  // namespace reprise
