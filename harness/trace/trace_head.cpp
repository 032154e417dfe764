// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/trace_head.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/tables/text_cells.h"
#include "harness/trace/layout.h"

namespace reprise {
using h5::Element;

namespace {

// A dataset with an axis. Those of /meta are scalars as wide as their text.
struct HeadTable {
  const char* path;
  std::size_t width;  // bytes of a text; 0: a digest
};
constexpr HeadTable tables[] = {{"/data/name", layout::name_width},
                                {"/data/dtype", layout::dtype_width},
                                {"/data/shape", layout::shape_width},
                                {"/data/digest", 0},
                                {"/pins/name", layout::pin_width}};
constexpr const char* texts[] = {"/meta/plan", "/meta/plan_id", "/meta/recipe_id", "/meta/facts"};

HeadPart text_part(const std::string& path, const std::string& text) {
  HeadPart part{path, 1, {}};
  add_cell(part.bytes, text, std::max<std::size_t>(text.size(), 1), "text");
  return part;
}

void add_data(std::vector<HeadPart>& parts, const std::vector<TensorDigest>& data) {
  HeadPart names{"/data/name", data.size(), {}}, dtypes{"/data/dtype", data.size(), {}},
      shapes{"/data/shape", data.size(), {}}, digests{"/data/digest", data.size(), {}};
  for (const TensorDigest& tensor : data) {
    add_cell(names.bytes, tensor.name, layout::name_width, "tensor's name");
    add_cell(dtypes.bytes, tensor.dtype, layout::dtype_width, "dtype");
    add_cell(shapes.bytes, shape_text(tensor.shape), layout::shape_width, "shape");
    const auto* digest = reinterpret_cast<const char*>(&tensor.digest);
    digests.bytes.insert(digests.bytes.end(), digest, digest + sizeof tensor.digest);
  }
  for (HeadPart* part : {&names, &dtypes, &shapes, &digests}) parts.push_back(std::move(*part));
}

void write_table(h5::File& file, const HeadTable& table, const HeadPart& part) {
  const std::size_t row = table.width > 0 ? table.width : sizeof(Digest);
  if (part.bytes.size() % row != 0 || part.bytes.size() / row != part.rows)
    throw h5::Trouble(part.path + " has no whole rows in its journal");
  const h5::Extent size = table.width > 0 ? h5::Extent{part.rows} : h5::Extent{part.rows, 2};
  const Element element = table.width > 0 ? Element::text : Element::u64;
  h5::Dataset made = h5::Dataset::make(file.id(), part.path, {element, table.width, size, size, {}});
  if (part.rows > 0) made.write(h5::Extent(size.size(), 0), size, part.bytes.data());
}

}  // namespace

std::vector<HeadPart> parts_of(const TraceHead& head) {
  const auto format = head.plan.command          ? command_trace_format
                      : head.plan.watch.from > 0 ? late_trace_format
                                                 : trace_format;
  // Facts come from outside; bytes that are no UTF-8 become U+FFFD rather than the end of a run.
  const nlohmann::json facts = head.facts;
  std::vector<HeadPart> parts = {
      text_part("format", std::string(format)), text_part("/meta/plan", to_toml(head.plan)),
      text_part("/meta/plan_id", plan_id(head.plan)), text_part("/meta/recipe_id", recipe_id(head.plan)),
      text_part("/meta/facts", facts.dump(1, ' ', false, nlohmann::json::error_handler_t::replace))};
  add_data(parts, head.data);
  HeadPart pins{"/pins/name", head.plan.pins.size(), {}};
  for (const auto& [name, value] : head.plan.pins)
    add_cell(pins.bytes, name, layout::pin_width, "pin's name");
  parts.push_back(std::move(pins));
  return parts;
}

std::vector<std::byte> record_of(const std::vector<HeadPart>& parts) {
  std::vector<std::byte> record;
  for (const HeadPart& part : parts)
    put_rows(record, {part.path, 0, part.rows, std::as_bytes(std::span(part.bytes))});
  return record;
}

std::vector<HeadPart> parts_of(const std::vector<TableRows>& record) {
  std::vector<HeadPart> parts;
  for (const TableRows& rows : record) {
    const auto* bytes = reinterpret_cast<const char*>(rows.content.data());
    parts.push_back({rows.path, rows.rows, {bytes, bytes + rows.content.size()}});
  }
  return parts;
}

std::string text_of(const std::vector<HeadPart>& parts, const std::string& path) {
  const auto part = std::ranges::find(parts, path, &HeadPart::path);
  if (part == parts.end()) throw h5::Trouble("its journal has no " + path);
  const std::string text(part->bytes.begin(), part->bytes.end());
  return text.substr(0, text.find('\0'));
}

void write_head(h5::File& file, const std::vector<HeadPart>& parts) {
  file.set_attribute("format", text_of(parts, "format"));
  file.set_attribute("leaf_bytes", std::uint64_t{leaf_bytes});
  for (const char* group : {"/meta", "/data", "/pins"}) file.make_group(group);
  for (const HeadPart& part : parts) {
    if (const auto table = std::ranges::find(tables, part.path, &HeadTable::path); table != std::end(tables))
      write_table(file, *table, part);
    if (std::ranges::find(texts, part.path) != std::end(texts) && !part.bytes.empty())
      h5::Dataset::make(file.id(), part.path, {Element::text, part.bytes.size(), {}, {}, {}})
          .write({}, {}, part.bytes.data());
  }
}

}  // namespace reprise
