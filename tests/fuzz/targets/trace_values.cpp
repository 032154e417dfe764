// SPDX-License-Identifier: Apache-2.0
// Traces whose HDF5 is sound and whose values are not: each 12 bytes of an input change one element, or the
// length, of one dataset of a good trace. Read in this process, so that a fuzzer sees what it reaches.
#include <hdf5.h>

#include <algorithm>
#include <cstring>

#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/base/files.h"
#include "harness/trace/layout.h"
#include "harness/trace/trace_file.h"
#include "harness/trace/trace_proof.h"
#include "trace/rich_trace.h"

namespace reprise::fuzz_targets {
namespace {

struct Edit {
  std::uint8_t dataset, what;
  std::uint16_t element;
  std::uint64_t value;
};
constexpr std::size_t edit_bytes = 12, most_edits = 16;

struct Made {
  std::string content;
  std::vector<std::string> datasets;
};

const Made& made() {
  static const Made made = [] {
    const auto path = placed("", "values/trace.h5");
    std::filesystem::remove(path);
    write_rich_trace(path);
    return Made{read_file(path, "trace"), datasets_of(path)};
  }();
  return made;
}

Edit edit_at(const std::string& input, std::size_t at) {
  Edit edit{};
  edit.dataset = static_cast<std::uint8_t>(input[at]);
  edit.what = static_cast<std::uint8_t>(input[at + 1]);
  std::memcpy(&edit.element, input.data() + at + 2, sizeof edit.element);
  std::memcpy(&edit.value, input.data() + at + 4, sizeof edit.value);
  return edit;
}

void change_length(const h5::Id& dataset, std::uint64_t length) {
  constexpr std::uint64_t most = 100'000;
  const h5::Id space(H5Dget_space(dataset));
  std::array<hsize_t, H5S_MAX_RANK> size{}, limit{};
  if (H5Sget_simple_extent_dims(space, size.data(), limit.data()) < 1) return;
  size[0] = std::min<std::uint64_t>(length, most);
  H5Dset_extent(dataset, size.data());  // one that cannot grow stays as it is
}

void change_element(hid_t file, const std::string& name, const h5::Id& dataset, const Edit& edit) {
  auto bytes = h5::bytes_of(file, name);
  const h5::Id type(H5Dget_type(dataset));
  const std::size_t width = std::min<std::size_t>(H5Tget_size(type), sizeof edit.value);
  const std::size_t elements = bytes.size() / std::max<std::size_t>(H5Tget_size(type), 1);
  if (elements == 0) return;
  std::byte* at = bytes.data() + edit.element % elements * H5Tget_size(type);
  std::uint64_t value = 0;
  std::memcpy(&value, at, width);
  value = edit.what % 3 == 0 ? value ^ edit.value : edit.value;
  std::memcpy(at, &value, width);
  H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data());
}

void make_edits(const std::filesystem::path& path, const std::string& input) {
  auto file = h5::File::open_to_add(path);
  const auto& names = made().datasets;
  for (std::size_t i = 0; i < most_edits && (i + 1) * edit_bytes <= input.size(); ++i) {
    const Edit edit = edit_at(input, i * edit_bytes);
    const std::string& name = names[edit.dataset % names.size()];
    const h5::Id dataset(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT));
    if (edit.what % 3 == 2)
      change_length(dataset, edit.value);
    else
      change_element(file.id(), name, dataset, edit);
  }
  file.close();
}

// Each part by itself, so that a refusal of one does not hide the next.
template <class Work>
void ask(const Work& work) {
  try {
    work();
  } catch (const h5::Trouble&) {
  } catch (const Error&) {
  }
}

std::vector<std::string> seeds() {
  // Edits that change nothing, for a fuzzer to begin with.
  return {"", std::string(4 * edit_bytes, '\0')};
}

void read(const std::string& input) {
  const auto path = placed(made().content, "values/fuzzed.h5");
  make_edits(path, input);
  const auto file = std::make_shared<Trace::File>(trace_content_of(path));
  const Trace trace(file);
  ask([&] { prove(*file); });
  ask([&] { trace.metrics(); });
  ask([&] { trace.pin_checks(); });
  ask([&] { trace.artifacts(); });
  ask([&] { trace.data_digest(); });
  ask([&] { trace.losses(trace.first_step(), trace.last_step()); });
  ask([&] {
    for (const std::int64_t step : trace.checkpoint_steps()) trace.leaves(step);
  });
  ask([&] {
    for (std::int64_t step = trace.first_step(); step <= std::min<std::int64_t>(trace.last_step(), 9);
         ++step) {
      ask([&] { trace.calls(step); });
      ask([&] { trace.samples(step); });
      ask([&] { trace.tensors(step); });
    }
  });
}

}  // namespace

extern const FuzzTarget trace_values{
    .summary = "values of traces whose HDF5 is sound",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
