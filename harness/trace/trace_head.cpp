// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/trace/text_cells.h"
#include "harness/trace/trace_tables.h"
#include "harness/trace/trace_writer.h"

namespace reprise {
using h5::Element;

namespace {

void put_text(h5::File& file, const std::string& path, const std::string& text) {
  const std::size_t width = std::max<std::size_t>(text.size(), 1);
  std::vector<char> cell;
  add_cell(cell, text, width, "text");
  h5::Dataset::make(file.id(), path, {Element::text, width, {}, {}, {}}).write({}, {}, cell.data());
}

void put_array(h5::File& file, const std::string& path, Element element, std::size_t width,
               const h5::Extent& size, const void* elements) {
  h5::Dataset made = h5::Dataset::make(file.id(), path, {element, width, size, size, {}});
  if (size[0] > 0) made.write(h5::Extent(size.size(), 0), size, elements);
}

void put_data(h5::File& file, const std::vector<TensorDigest>& data) {
  const h5::Extent count = {data.size()};
  std::vector<char> names, dtypes, shapes;
  std::vector<Digest> digests;
  for (const TensorDigest& tensor : data) {
    add_cell(names, tensor.name, layout::name_width, "tensor's name");
    add_cell(dtypes, tensor.dtype, layout::dtype_width, "dtype");
    add_cell(shapes, shape_text(tensor.shape), layout::shape_width, "shape");
    digests.push_back(tensor.digest);
  }
  put_array(file, "/data/name", Element::text, layout::name_width, count, names.data());
  put_array(file, "/data/dtype", Element::text, layout::dtype_width, count, dtypes.data());
  put_array(file, "/data/shape", Element::text, layout::shape_width, count, shapes.data());
  put_array(file, "/data/digest", Element::u64, 0, {data.size(), 2}, digests.data());
}

}  // namespace

void write_head(h5::File& file, const TraceHead& head) {
  file.set_attribute("format", head.plan.command          ? command_trace_format
                               : head.plan.watch.from > 0 ? late_trace_format
                                                          : trace_format);
  file.set_attribute("leaf_bytes", std::uint64_t{leaf_bytes});
  for (const char* group : {"/meta", "/data", "/pins"}) file.make_group(group);
  put_text(file, "/meta/plan", to_toml(head.plan));
  put_text(file, "/meta/plan_id", plan_id(head.plan));
  put_text(file, "/meta/recipe_id", recipe_id(head.plan));
  // Facts come from outside; bytes that are no UTF-8 become U+FFFD rather than the end of a run.
  const nlohmann::json facts = head.facts;
  put_text(file, "/meta/facts", facts.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
  put_data(file, head.data);
  std::vector<char> pins;
  for (const auto& [name, value] : head.plan.pins) add_cell(pins, name, layout::pin_width, "pin's name");
  put_array(file, "/pins/name", Element::text, layout::pin_width, {head.plan.pins.size()}, pins.data());
}

}  // namespace reprise
