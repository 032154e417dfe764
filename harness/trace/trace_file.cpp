// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/trace_file.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/tables/text_cells.h"
#include "harness/trace/read_proof.h"
#include "harness/trace/trace_proof.h"

namespace reprise {
namespace fs = std::filesystem;
using h5::Element;

namespace {

constexpr std::size_t digest_cache = std::size_t{16} << 20;

// A Trouble for what no file of `most` bytes holds.
std::uint64_t bytes_of_block(const h5::Extent& count, std::size_t width, std::uint64_t most) {
  std::uint64_t all = width;
  for (const hsize_t size : count)
    if (__builtin_mul_overflow(all, size, &all)) all = UINT64_MAX;
  if (all > most) throw h5::Trouble("it says that it holds more than its file has bytes");
  return all;
}

// Reads a block after a look at whether the dataset has it: HDF5 would say less clearly that it has not.
template <class T>
std::vector<T> block(const h5::Dataset& from, const h5::Extent& start, const h5::Extent& count,
                     std::size_t width, std::uint64_t most, std::uint64_t& bytes_read) {
  const h5::Extent extent = from.extent();
  check(extent.size() == count.size(), "a block has the axes of its dataset");
  for (std::size_t i = 0; i < count.size(); ++i)
    if (count[i] > extent[i] || start[i] > extent[i] - count[i])
      throw h5::Trouble("fewer rows than were committed");
  std::vector<T> elements(bytes_of_block(count, width, most) / sizeof(T));
  if (!elements.empty()) from.read(start, count, elements.data());
  bytes_read += elements.size() * sizeof(T);
  return elements;
}

}  // namespace

std::vector<std::int64_t> shape_in(const std::string& name, const std::string& cell) {
  const auto shape = shape_from_text(cell);
  if (!shape) throw h5::Trouble(name + " holds something that is not a shape");
  return *shape;
}

Trace::File::File(const TraceContent& wanted)
    : content(wanted), path(wanted.path), size(fs::file_size(wanted.file)) {
  guarded([&] {
    file = h5::File::open(content.file);
    read_head();
    read_state();
    if (content.rows_alone) keep_rows_alone();
    read_facts();
    read_data();
    read_columns();
    open_rows();
  });
  if (content.prove_as_read) proof_as_read = std::make_shared<ReadProof>(*this);
  content.name.reset();
}

h5::Dataset Trace::File::open(const std::string& name, std::size_t axes, std::size_t cache_bytes) const {
  return h5::Dataset::open(file.id(), name, Element::u64, axes, cache_bytes);
}

std::vector<std::uint64_t> Trace::File::words(const h5::Dataset& from, const h5::Extent& start,
                                              const h5::Extent& count) const {
  return guarded([&] { return block<std::uint64_t>(from, start, count, 8, size, bytes_read); });
}

std::vector<Digest> Trace::File::digests(const h5::Dataset& from, const h5::Extent& start,
                                         const h5::Extent& count) const {
  check(count.back() == 2, "a digest is two words");
  return guarded([&] { return block<Digest>(from, start, count, 8, size, bytes_read); });
}

std::vector<std::uint64_t> Trace::File::numbers(const std::string& name, std::uint64_t count) const {
  return guarded([&] { return words(open(name, 1), {0}, {count}); });
}

std::vector<double> Trace::File::values(const std::string& name, std::uint64_t count) const {
  return guarded([&] {
    const auto from = h5::Dataset::open(file.id(), name, Element::f64, 1);
    return block<double>(from, {0}, {count}, 8, size, bytes_read);
  });
}

std::vector<std::uint8_t> Trace::File::bytes(const std::string& name, std::uint64_t count) const {
  return guarded([&] {
    const auto from = h5::Dataset::open(file.id(), name, Element::u8, 1);
    return block<std::uint8_t>(from, {0}, {count}, 1, size, bytes_read);
  });
}

std::vector<std::string> Trace::File::texts(const std::string& name, h5::Extent count) const {
  return guarded([&] {
    const auto from = h5::Dataset::open(file.id(), name, Element::text, count.size());
    if (from.width() > size) throw h5::Trouble(name + " is wider than the file");
    return texts_of(block<char>(from, h5::Extent(count.size(), 0), count, from.width(), size, bytes_read),
                    from.width());
  });
}

std::string Trace::File::text(const std::string& name) const { return texts(name, {}).at(0); }

void Trace::File::check_rows(std::int64_t first, std::int64_t last) const {
  const std::int64_t end = begin + static_cast<std::int64_t>(committed);
  if (first < begin || first > last || last >= end)
    fail("the trace {} has the steps {} to {}, but {} to {} were asked for", path.string(), begin, end - 1,
         first, last);
  if (!proof_as_read) return;
  const std::uint64_t before = bytes_read;
  try {
    proof_as_read->once(row_of(first), row_of(last));
  } catch (const h5::Trouble& trouble) {
    fail_as_no_evidence(path, trouble);
  }
  bytes_read = before;
}

void Trace::File::read_head() {
  const auto format = file.text_attribute("format");
  if (!format)
    fail("wanted a trace, found an HDF5 file that is none: {}; name the trace.h5 of a run", path.string());
  if (*format != trace_format && *format != late_trace_format && *format != command_trace_format)
    fail(
        "the trace {} has the format '{}', but this program reads '{}', '{}' and '{}'; use the version of "
        "reprise that wrote it",
        path.string(), *format, trace_format, late_trace_format, command_trace_format);
  late_ = *format == late_trace_format;
  if (const auto leaf = file.number_attribute("leaf_bytes"); leaf != leaf_bytes)
    throw h5::Trouble(fmt::format("its attribute leaf_bytes is not {}", leaf_bytes));
  if (*format == command_trace_format) stages = stage_count;
}

void Trace::File::read_state() {
  committed = words(open("/committed", 0), {}, {}).at(0);
  if (committed == 0)
    fail("the trace {} has no committed step: its run ended before the first one was written; run it again",
         path.string());
  counts = block<layout::Counts>(open("/counts", 1), {0}, {layout::counts}, 8, size, bytes_read).at(0);
  const auto mark = h5::Dataset::open(file.id(), "/finished", Element::u8, 0);
  finished = block<std::uint8_t>(mark, {}, {}, 1, size, bytes_read).at(0) == 1;
  size = fs::file_size(content.file);  // a writer at work may have added what the counts already speak of
}

// What no digest proves is as if it were not there.
void Trace::File::keep_rows_alone() {
  committed = std::min(committed, content.rows);
  counts = {.tensors = counts.tensors};
  finished = false;
}

void Trace::File::read_facts() {
  plan_text = text("/meta/plan");
  plan = plan_from_toml(plan_text, path.string());
  if ((plan.watch.from > 0) != late_) throw h5::Trouble("its format does not fit its plan's first step");
  if (stages == stage_count && !plan.command) throw h5::Trouble("its format is that of a command's trace");
  begin = plan.watch.from;
  const auto json = nlohmann::json::parse(text("/meta/facts"), nullptr, false);
  if (!json.is_object()) throw h5::Trouble("/meta/facts is no JSON object");
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) throw h5::Trouble("/meta/facts holds something that is not text");
    facts[name] = value.get<std::string>();
  }
}

void Trace::File::read_data() {
  const auto from = open("/data/digest", 2);
  const std::uint64_t count = from.extent()[0];
  const auto taken = digests(from, {0, 0}, {count, 2});
  const auto names = texts("/data/name", {count}), dtypes = texts("/data/dtype", {count}),
             shapes = texts("/data/shape", {count});
  for (std::size_t i = 0; i < count; ++i)
    data.push_back({names[i], dtypes[i], shape_in("/data/shape", shapes[i]), taken[i], {}});
}

// A tensor may stand in the table although the step that brought it was never committed.
void Trace::File::read_columns() {
  const std::uint64_t count = counts.tensors;
  const auto names = texts("/tensors/name", {count}), dtypes = texts("/tensors/dtype", {count}),
             shapes = texts("/tensors/shape", {count});
  const auto since = numbers("/tensors/first", count);
  const auto from = h5::Dataset::open(file.id(), "/tensors/stage", Element::u8, 1);
  const auto kinds = block<std::uint8_t>(from, {0}, {count}, 1, size, bytes_read);
  for (std::size_t i = 0; i < count && holds(since[i]); ++i) {
    if (kinds[i] >= stages) throw h5::Trouble("/tensors/stage holds an unknown stage");
    columns.push_back(
        {static_cast<Stage>(kinds[i]), names[i], dtypes[i], shape_in("/tensors/shape", shapes[i])});
  }
}

void Trace::File::open_rows() {
  root = open("/root", 2);
  chain = open("/chain", 2);
  stage = open("/stage", 3);
  digest = open("/digest", 3, content.prove_as_read ? 1 : digest_cache);  // of many, none keeps a chunk
  loss = open("/loss", 2);
  order = open("/order", 2);
  for (const h5::Dataset* rows : {&root, &chain, &stage, &loss, &order}) {
    h5::Extent needed = rows->extent();
    needed[0] = committed;
    bytes_of_block(needed, rows->width(), size);
  }
  for (const h5::Dataset* rows : {&root, &chain, &stage, &digest, &loss, &order})
    if (rows->extent()[0] < committed) throw h5::Trouble("fewer rows than were committed");
  if (stage.extent()[1] != stages) throw h5::Trouble("/stage has not the stages of its format");
}

const std::vector<layout::Span>& Trace::File::spans() const {
  if (spans_) return *spans_;
  auto spans = guarded([&] {
    return block<layout::Span>(open("/leaves/span", 2), {0, 0}, {counts.leaf_spans, 4}, 8, size, bytes_read);
  });
  std::erase_if(spans, [&](const layout::Span& span) { return !holds(span.step); });
  for (const layout::Span& span : spans)
    if (span.column >= columns.size() || span.count > counts.leaf_digests ||
        span.first > counts.leaf_digests - span.count)
      fail("cannot read the trace {}: /leaves/span points outside the file; it is damaged, so run it again",
           path.string());
  spans_ = std::move(spans);
  return *spans_;
}

}  // namespace reprise
