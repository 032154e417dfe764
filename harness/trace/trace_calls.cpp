// SPDX-License-Identifier: Apache-2.0
// Reads the operator calls of a step back from /ops. Everything in it is looked at before it is believed.
#include <algorithm>
#include <cstring>

#include "harness/base/error.h"
#include "harness/tables/text_cells.h"
#include "harness/trace/trace_file.h"

namespace reprise {

namespace {

constexpr std::uint64_t most_rows = std::uint64_t{1} << 40;

}  // namespace

// Rows of the calls that count are whole; what lies behind them is of no call yet.
void Trace::File::read_kernels(std::uint64_t calls, Ops& into) const {
  into.kernel_ends = numbers("/ops/kernel_end", calls);
  const std::uint64_t rows = into.kernel_ends.empty() ? 0 : into.kernel_ends.back();
  if (!std::ranges::is_sorted(into.kernel_ends) || rows > most_rows)
    throw h5::Trouble("/ops/kernel_end holds a number that cannot be");
  const auto from = words(open("/ops/kernel", 2), {0, 0}, {rows, layout::kernel_words});
  into.kernels.resize(rows);
  if (rows > 0) std::memcpy(into.kernels.data(), from.data(), from.size() * sizeof from[0]);
}

namespace {

const std::string& text_at(const std::vector<std::string>& texts, std::uint64_t place) {
  if (place >= texts.size()) throw h5::Trouble("/ops names a text that is not there");
  return texts[place];
}

}  // namespace

// Rows that calls name are whole; what lies behind them is of no call yet.
void Trace::File::read_places(std::uint64_t calls, Ops& into) const {
  const auto lines = words(open("/ops/line", 2), {0, 0}, {calls, layout::line_words});
  into.lines.resize(calls);
  if (calls > 0) std::memcpy(into.lines.data(), lines.data(), lines.size() * sizeof lines[0]);
  const std::uint64_t rows = lines.empty() ? 0 : std::ranges::max(lines);
  if (rows > most_rows) throw h5::Trouble("/ops/line holds a number that cannot be");
  const auto from = words(open("/ops/place", 2), {0, 0}, {rows, layout::place_words});
  const auto text = [&](std::uint64_t place) { return text_at(into.texts, place); };
  for (std::size_t i = 0; i < from.size(); i += layout::place_words) {
    CodePlace place{text(from[i]),     static_cast<std::int64_t>(from[i + 1]),
                    text(from[i + 2]), text(from[i + 3]),
                    text(from[i + 4]), text(from[i + 5]),
                    text(from[i + 6])};
    if (place.line < 0) throw h5::Trouble("/ops/place holds a line that cannot be");
    into.places.push_back({std::make_shared<const CodePlace>(std::move(place))});
  }
}

const Trace::File::Ops& Trace::File::ops() const {
  if (ops_) return *ops_;
  Ops read;
  guarded([&] {
    const auto words_of = [&](const char* name, std::uint64_t rows, std::uint64_t width) {
      return words(open(name, 2), {0, 0}, {rows, width});
    };
    const auto whole = words(open("/ops/counts", 1), {0}, {layout::op_counts});
    if (std::ranges::any_of(whole, [](std::uint64_t rows) { return rows > most_rows; }))
      throw h5::Trouble("/ops/counts holds a number that cannot be");
    const auto calls = words_of("/ops/call", whole[0], layout::call_words);
    const auto tensors = words_of("/ops/tensor", whole[1], layout::op_tensor_words);
    read.calls.resize(whole[0]);
    std::memcpy(read.calls.data(), calls.data(), calls.size() * 8);
    for (const auto& call : read.calls)
      if (!plan.watch.ops.holds(static_cast<std::int64_t>(call.step)))
        throw h5::Trouble("/ops/call has calls of steps that its plan does not watch");
    for (std::size_t i = 0; i < tensors.size(); i += layout::op_tensor_words)
      read.tensors.push_back({{tensors[i], tensors[i + 1]}, tensors[i + 2], tensors[i + 3], tensors[i + 4]});
    if (file.has("/ops/thread")) read.threads = numbers("/ops/thread", whole[0]);
    if (file.has("/ops/writer")) read.writers = numbers("/ops/writer", whole[1]);
    if (file.has("/ops/kernel_end")) read_kernels(whole[0], read);
    const auto ends = numbers("/ops/text_end", whole[3]);
    const auto bytes = this->bytes("/ops/text", whole[2]);
    std::uint64_t from = 0;
    for (const auto end : ends) {
      if (end < from || end > bytes.size()) throw h5::Trouble("/ops/text_end points outside /ops/text");
      read.texts.emplace_back(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                              bytes.begin() + static_cast<std::ptrdiff_t>(end));
      from = end;
    }
    if (file.has("/ops/line")) read_places(whole[0], read);
  });
  ops_ = std::move(read);
  return *ops_;
}

namespace {

struct CallReading {
  const std::vector<std::string>& texts;
  const std::vector<layout::OpTensorRow>& tensors;
  const std::vector<std::uint64_t>&threads, &writers;
  const std::vector<layout::KernelRow>& kernels;
  const std::vector<std::uint64_t>& kernel_ends;
  const std::vector<layout::LineRow>& lines;
  const std::vector<KnownPlace>& places;

  const std::string& text(std::uint64_t place) const { return text_at(texts, place); }

  KnownPlace known_place(std::uint64_t number) const {
    return number == 0 ? KnownPlace() : places[number - 1];
  }

  KernelLaunch kernel(const layout::KernelRow& row) const {
    const auto number = [](std::uint64_t word) { return static_cast<std::int64_t>(word); };
    return {text(row.name),
            {number(row.grid[0]), number(row.grid[1]), number(row.grid[2])},
            {number(row.block[0]), number(row.block[1]), number(row.block[2])},
            number(row.shared),
            number(row.registers),
            number(row.count)};
  }

  void add_kernels(std::size_t place, OpCall& call) const {
    if (kernel_ends.empty()) return;
    for (std::uint64_t i = place == 0 ? 0 : kernel_ends[place - 1]; i < kernel_ends[place]; ++i)
      call.kernels.push_back(kernel(kernels[i]));
  }

  OpTensor tensor(std::uint64_t row) const {
    const auto& from = tensors[row];
    if (from.seen >= seen_count) throw h5::Trouble("/ops/tensor holds an unknown mark");
    const auto shape = shape_from_text(text(from.shape));
    if (!shape) throw h5::Trouble("/ops/tensor holds something that is not a shape");
    return {from.digest, text(from.dtype), *shape, static_cast<Seen>(from.seen),
            writers.empty() ? std::string() : text(writers[row])};
  }

  OpCall call(std::size_t place, const layout::CallRow& row) const {
    const auto number = [](std::uint64_t word) { return static_cast<std::int64_t>(word); };
    if (row.phase >= phase_count) throw h5::Trouble("/ops/call holds an unknown phase");
    if (row.first_tensor > tensors.size() || row.inputs > tensors.size() - row.first_tensor ||
        row.outputs > tensors.size() - row.first_tensor - row.inputs)
      throw h5::Trouble("/ops/call names tensors that are not there");
    OpCall call{number(row.step),
                static_cast<Phase>(row.phase),
                number(row.role),
                number(row.order),
                number(row.depth),
                number(row.sequence),
                text(row.name),
                text(row.scope),
                text(row.scalars),
                {},
                {},
                threads.empty() ? std::string() : text(threads[place])};
    for (std::uint64_t i = 0; i < row.inputs; ++i) call.inputs.push_back(tensor(row.first_tensor + i));
    for (std::uint64_t i = 0; i < row.outputs; ++i)
      call.outputs.push_back(tensor(row.first_tensor + row.inputs + i));
    add_kernels(place, call);
    if (lines.empty()) return call;
    call.place = known_place(lines[place].place);
    call.forward = known_place(lines[place].forward);
    return call;
  }
};

}  // namespace

std::vector<OpCall> Trace::calls(std::int64_t step) const {
  file_->check_rows(step, step);
  if (!plan().watch.ops.holds(step) || file_->content.rows_alone) return {};
  const auto& ops = file_->ops();
  const CallReading reading{ops.texts,   ops.tensors,     ops.threads, ops.writers,
                            ops.kernels, ops.kernel_ends, ops.lines,   ops.places};
  std::vector<OpCall> calls;
  file_->guarded([&] {
    for (std::size_t i = 0; i < ops.calls.size(); ++i)
      if (ops.calls[i].step == static_cast<std::uint64_t>(step))
        calls.push_back(reading.call(i, ops.calls[i]));
  });
  return calls;
}

}  // namespace reprise
