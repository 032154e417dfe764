// SPDX-License-Identifier: Apache-2.0
// Traces, byte by byte; HDF5 looks at each in a process of its own.
#include "harness/trace/trace.h"
#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/base/files.h"
#include "small_trace.h"
#include "trace/rich_trace.h"

namespace reprise::fuzz_targets {
namespace {

std::string small_trace() {
  const auto path = placed("", "made/trace.h5");
  write_small_trace(path, {});
  return read_file(path, "trace");
}

// The same trace without room to grow, a tenth as long: as far as a fuzzer changes it, it changes something.
std::string packed(const std::string& trace) {
  const auto from = placed(trace, "made/wide.h5"), to = placed("", "made/packed.h5");
  const auto wide = h5::File::open(from);
  auto narrow = h5::File::create(to);
  narrow.set_attribute("format", *wide.text_attribute("format"));
  narrow.set_attribute("leaf_bytes", *wide.number_attribute("leaf_bytes"));
  for (const auto& path : datasets_of(from)) {
    if (const auto group = path.substr(0, path.rfind('/')); !group.empty() && !narrow.has(group))
      narrow.make_group(group);
    const h5::Id dataset(H5Dopen2(wide.id(), path.c_str(), H5P_DEFAULT));
    const h5::Id type(H5Dget_type(dataset)), wide_space(H5Dget_space(dataset));
    std::array<hsize_t, H5S_MAX_RANK> size{};
    const int axes = H5Sget_simple_extent_dims(wide_space, size.data(), nullptr);
    const h5::Id space(axes > 0 ? H5Screate_simple(axes, size.data(), nullptr) : H5Screate(H5S_SCALAR));
    const h5::Id made(
        H5Dcreate2(narrow.id(), path.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    const auto bytes = h5::bytes_of(wide.id(), path);
    if (!bytes.empty()) H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data());
  }
  narrow.close();
  return read_file(to, "trace");
}

std::vector<std::string> seeds() {
  const std::string small = small_trace(),
                    golden = read_file(REPRISE_SOURCE "/tests/golden/trace-v3.h5", "trace");
  return {packed(small), packed(golden), small, golden};
}

void read(const std::string& input) {
  const Trace trace(placed(input, "trace/fuzzed.h5"));
  trace.losses(trace.first_step(), trace.last_step());
  trace.metrics();
  trace.pin_checks();
  trace.artifacts();
  for (const std::int64_t step : trace.checkpoint_steps()) trace.leaves(step);
}

}  // namespace

extern const FuzzTarget trace{
    .summary = "traces",
    .seeds = seeds,
    .read = read,
    .slow = true,
};

}  // namespace reprise::fuzz_targets
