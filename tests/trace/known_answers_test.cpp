// SPDX-License-Identifier: Apache-2.0
// The known answers of docs/trace-format.md are what the program computes.
#include <catch2/catch.hpp>
#include <map>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/tables/text_cells.h"
#include "harness/tensor/digest.h"
#include "harness/trace/layout.h"

namespace reprise {
namespace {

struct Answer {
  std::string kind, label, sizes, data, digest;
};

const std::string& page() {
  static const std::string text = read_file(REPRISE_SOURCE "/docs/trace-format.md", "page");
  return text;
}

std::vector<Answer> answers() {
  std::vector<Answer> found;
  for (const auto& line : split(page(), '\n')) {
    const auto cells = split(line, '|');
    if (cells.size() != 7) continue;
    const auto cell = [&](std::size_t i) { return std::string(trim(cells[i])); };
    const std::string digest = cell(5);
    if (digest.size() != 34 || digest.front() != '`') continue;
    found.push_back({cell(1), cell(2), cell(3), cell(4), digest.substr(1, 32)});
  }
  return found;
}

std::vector<std::byte> bytes_in(const std::string& data) {
  if (const auto star = data.find(" * "); star != data.npos)
    return std::vector<std::byte>(static_cast<std::size_t>(to_integer(data.substr(star + 3)).value()));
  const auto bytes = from_hex(data).value();
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

Digest set_in(const Answer& answer) {
  std::vector<std::pair<std::string, Digest>> members;
  for (const auto& member : split(answer.data, ' ')) {
    const auto parts = split(member, '=');
    members.emplace_back(parts.at(0), digest_from_text(parts.at(1)).value());
  }
  return set_digest(answer.label, std::move(members));
}

Digest computed(const Answer& answer) {
  if (answer.kind == "set") return set_in(answer);
  const auto data = bytes_in(answer.data);
  if (answer.kind == "leaf") return leaf_digests(data).at(0);
  if (answer.kind == "tensor")
    return tensor_digest(answer.label, shape_from_text(answer.sizes).value(), data);
  if (answer.kind == "name") return name_digest({reinterpret_cast<const char*>(data.data()), data.size()});
  REQUIRE(answer.kind == "chain");
  const auto previous = digest_from_text(answer.data.substr(0, 32)),
             root = digest_from_text(answer.data.substr(32));
  return chain_next(static_cast<std::uint64_t>(to_integer(answer.sizes).value()), previous.value(),
                    root.value());
}

TEST_CASE("each known answer of the page is what the program computes") {
  std::map<std::string, int> kinds;
  for (const Answer& answer : answers()) {
    CAPTURE(answer.kind, answer.label, answer.sizes, answer.data);
    CHECK(to_text(computed(answer)) == answer.digest);
    ++kinds[answer.kind];
  }
  CHECK(kinds ==
        std::map<std::string, int>{{"chain", 2}, {"leaf", 2}, {"name", 2}, {"set", 2}, {"tensor", 6}});
}

TEST_CASE("the page has the widths, the stages and the version that the program has") {
  const auto has = [](const std::string& words) { return page().find(words) != std::string::npos; };
  CHECK(has("`" + std::string(trace_format) + "`"));
  CHECK(has("| `/tensors/name` | text " + std::to_string(layout::name_width) + " |"));
  CHECK(has("| `/tensors/dtype` | text " + std::to_string(layout::dtype_width) + " |"));
  CHECK(has("| `/tensors/shape` | text " + std::to_string(layout::shape_width) + " |"));
  CHECK(has("| `/pins/value` | text " + std::to_string(layout::pin_width) + " |"));
  CHECK(has("at least every " + std::to_string(layout::rows_per_commit) + " rows"));
  for (std::size_t s = 0; s < stage_count; ++s)
    CHECK(has(std::to_string(s) + " `" + std::string(stage_names[s]) + "`"));
  for (std::size_t code = 1; code < layout::loss_dtypes.size(); ++code)
    CHECK(has(std::to_string(code) + " " + std::string(layout::loss_dtypes[code])));
}

}  // namespace
}  // namespace reprise
