// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/op_tables.h"

#include "harness/tables/text_cells.h"

namespace reprise {
using h5::Element;

namespace {

constexpr hsize_t chunk_rows = 1024;

}  // namespace

OpTables::OpTables()
    : call_("/ops/call", Element::u64, {layout::call_words}, chunk_rows),
      thread_("/ops/thread", Element::u64, {}, chunk_rows),
      tensor_("/ops/tensor", Element::u64, {layout::op_tensor_words}, 4 * chunk_rows),
      writer_("/ops/writer", Element::u64, {}, 4 * chunk_rows),
      kernel_("/ops/kernel", Element::u64, {layout::kernel_words}, chunk_rows),
      kernel_end_("/ops/kernel_end", Element::u64, {}, chunk_rows),
      line_("/ops/line", Element::u64, {layout::line_words}, chunk_rows),
      place_("/ops/place", Element::u64, {layout::place_words}, chunk_rows),
      text_bytes_("/ops/text", Element::u8, {}, 16 * chunk_rows),
      text_end_("/ops/text_end", Element::u64, {}, chunk_rows) {}

std::array<Growing*, 10> OpTables::all() {
  return {&call_,       &thread_, &tensor_, &writer_,     &kernel_,
          &kernel_end_, &line_,   &place_,  &text_bytes_, &text_end_};
}

void OpTables::make(h5::File& file) {
  file.make_group("/ops");
  for (Growing* growing : all()) growing->make(file.id());
  h5::Dataset::make(file.id(), "/ops/counts",
                    {Element::u64, 0, {layout::op_counts}, {layout::op_counts}, {}});
}

void OpTables::open(hid_t file) {
  for (Growing* growing : all()) growing->open(file);
  counts_ = h5::Dataset::open(file, "/ops/counts", Element::u64, 1);
}

void OpTables::close() {
  for (Growing* growing : all()) growing->close();
  counts_ = {};
}

std::uint64_t OpTables::text(const std::string& text) {
  const auto [at, fresh] = texts_.emplace(text, texts_.size());
  if (fresh) {
    text_bytes_.add_bytes(text.data(), text.size());
    text_end_.add(text_bytes_.rows());
  }
  return at->second;
}

void OpTables::add_tensor(const OpTensor& tensor) {
  tensor_.add(layout::OpTensorRow{tensor.digest, text(tensor.dtype), text(shape_text(tensor.shape)),
                                  static_cast<std::uint64_t>(tensor.seen)});
  writer_.add(text(tensor.writer));
}

void OpTables::add_kernel(const KernelLaunch& kernel) {
  const auto word = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
  const auto &grid = kernel.grid, &block = kernel.block;
  kernel_.add(layout::KernelRow{text(kernel.name),
                                {word(grid[0]), word(grid[1]), word(grid[2])},
                                {word(block[0]), word(block[1]), word(block[2])},
                                word(kernel.shared),
                                word(kernel.registers),
                                word(kernel.count)});
}

std::uint64_t OpTables::place(const KnownPlace& place) {
  if (!place) return 0;
  const std::array<std::uint64_t, layout::place_words> row{
      text(place->file),     static_cast<std::uint64_t>(place->line),
      text(place->function), text(place->source),
      text(place->part),     text(place->module),
      text(place->through)};
  const auto [at, fresh] = places_.emplace(row, places_.size() + 1);
  if (fresh) place_.add(row);
  return at->second;
}

void OpTables::add(const OpCall& call) {
  const auto word = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
  layout::CallRow row{word(call.step),    static_cast<std::uint64_t>(call.phase),
                      word(call.role),    word(call.order),
                      word(call.depth),   word(call.sequence),
                      text(call.name),    text(call.scope),
                      text(call.scalars), tensor_.rows(),
                      call.inputs.size(), call.outputs.size()};
  for (const auto& tensor : call.inputs) add_tensor(tensor);
  for (const auto& tensor : call.outputs) add_tensor(tensor);
  call_.add(row);
  thread_.add(text(call.thread));
  for (const auto& kernel : call.kernels) add_kernel(kernel);
  kernel_end_.add(kernel_.rows());
  line_.add(layout::LineRow{place(call.place), place(call.forward)});
}

void OpTables::write_pending() {
  for (Growing* growing : all()) growing->write_pending();
}

void OpTables::put_unkept(std::vector<std::byte>& record) {
  for (Growing* growing : all()) growing->put_unkept(record);
}

Growing* OpTables::named(const std::string& path) {
  for (Growing* growing : all())
    if (growing->path() == path) return growing;
  return nullptr;
}

void OpTables::raise_counts() {
  const layout::OpCounts counts{call_.rows(), tensor_.rows(), text_bytes_.rows(), text_end_.rows()};
  counts_.write({0}, {layout::op_counts}, &counts);
  counts_.flush();
}

}  // namespace reprise
