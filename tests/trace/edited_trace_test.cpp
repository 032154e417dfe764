// SPDX-License-Identifier: Apache-2.0
// One value of a trace is changed after it was made: it is refused with the place, and never taken for
// evidence.
#include <hdf5.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/hdf5/hdf5.h"
#include "harness/trace/layout.h"
#include "scratch.h"
#include "tensor/bytes.h"
#include "trace/rich_trace.h"

namespace reprise {
namespace {
namespace fs = std::filesystem;

// Changes the bytes of one element of a dataset, at a place counted in elements.
void edit(const fs::path& path, const std::string& name, std::size_t element, std::uint64_t change) {
  h5::prepare();
  const h5::Id access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110);
  const h5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access));
  REQUIRE(file >= 0);
  auto bytes = h5::bytes_of(file, name);
  const h5::Id from(H5Dopen2(file, name.c_str(), H5P_DEFAULT)), type(H5Dget_type(from));
  const std::size_t width = H5Tget_size(type), changed = std::min(width, sizeof change);
  REQUIRE((element + 1) * width <= bytes.size());
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data() + element * width, changed);
  value ^= change;
  std::memcpy(bytes.data() + element * width, &value, changed);
  REQUIRE(H5Dwrite(from, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) >= 0);
}

std::size_t elements(const fs::path& path, const std::string& name) {
  const auto file = h5::File::open(path);
  const h5::Id from(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT)), type(H5Dget_type(from));
  return h5::bytes_of(file.id(), name).size() / H5Tget_size(type);
}

fs::path rich_trace(const Scratch& scratch, const std::string& name) {
  write_rich_trace(scratch / name);
  return scratch / name;
}

std::string refusal(const fs::path& path) {
  try {
    const Trace trace(path);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

// What only the seal covers stands in it, so no dataset is left over.
TEST_CASE("one value changed anywhere in a finished trace is refused with the name of the trace") {
  const Scratch scratch;
  const fs::path whole = rich_trace(scratch, "whole.h5"), changed = scratch / "changed.h5";
  REQUIRE(refusal(whole).empty());
  Draws draws(11);
  for (const auto& name : datasets_of(whole))
    for (int i = 0; i < 27; ++i) {
      fs::copy_file(whole, changed, fs::copy_options::overwrite_existing);
      const std::size_t place = draws.below(elements(whole, name));
      edit(changed, name, place, std::uint64_t{1} << draws.below(7));
      INFO(name << " at " << place);
      const auto said = refusal(changed);
      CHECK_THAT(said, Catch::Contains(changed.string()));
      CHECK(said.find('\n') == std::string::npos);
    }
}

struct Edit {
  std::string dataset;
  std::size_t element;
  std::string wanted;  // of the sentence
};

TEST_CASE("a changed value is named by its dataset and its step") {
  const Scratch scratch;
  const fs::path whole = rich_trace(scratch, "whole.h5"), changed = scratch / "changed.h5";
  const std::size_t columns = Trace(whole).columns().size();
  const std::vector<Edit> edits = {
      {"/digest", 2 * (5 * columns + 1), "weights (fc1.bias and 1 more) at step 5"},
      {"/stage", 2 * (7 * layout::recipe_stages + 4), "stage weights"},
      {"/root", 2 * 9, "/root at step 9 is not what its stages make"},
      {"/chain", 2 * 9, "/chain at step 9 is not what the roots"},
      {"/order", 4 * 6 + 1, "/order at step 6 is not the list of samples"},
      {"/loss", 2 * 11 + 1, "/loss at step 11 is not the value"},
      {"/data/digest", 0, "/root before training is not what its stages make together with /data"},
      {"/meta/plan_id", 0, "/meta/plan_id is not the digest of /meta/plan"},
      {"/metrics/value", 1, "does not fit /seal"},
      {"/artifacts/digest", 0, "does not fit /artifacts/seal"},
  };
  for (const auto& [dataset, element, wanted] : edits) {
    fs::copy_file(whole, changed, fs::copy_options::overwrite_existing);
    edit(changed, dataset, element, 1);
    CHECK_THAT(refusal(changed), Catch::Contains(wanted) && Catch::Contains("run it again"));
  }
}

// No seal was written, so what the chain does not prove is taken as it stands; the chain itself is not.
TEST_CASE("the trace of a run that did not end is read as far as its rows prove each other") {
  const Scratch scratch;
  const MadeRun run;
  {
    TraceWriter writer(scratch / "trace.h5", run.head());
    for (std::int64_t step = 0; step <= 40; ++step) run.write_step(writer, step);
    writer.commit();
  }
  const fs::path partial = scratch / "trace.h5.partial";
  const Trace trace(partial);
  CHECK_FALSE(trace.sealed());
  const Digest root = trace.root(9);
  std::string content = read_file(partial, "trace");
  const auto at = content.find(std::string(reinterpret_cast<const char*>(&root), sizeof root));
  REQUIRE(at != std::string::npos);
  content[at] = static_cast<char>(content[at] ^ 1);
  std::ofstream(scratch / "copy.h5", std::ios::binary) << content;
  const Trace damaged(scratch / "copy.h5");
  CHECK(damaged.last_step() == 8);
  CHECK_THAT(damaged.why_no_more(), Catch::Contains("/root at step 9"));
  CHECK(damaged.chain(8) == trace.chain(8));
  CHECK(damaged.metrics().empty());
  CHECK(damaged.pin_checks().empty());
  CHECK(damaged.checkpoint_steps().empty());
}

TEST_CASE("the trace of a run that did not end is refused where a name of its pins was lost") {
  const Scratch scratch;
  const MadeRun run;
  {
    TraceWriter writer(scratch / "trace.h5", run.head());
    for (std::int64_t step = 0; step <= 40; ++step) run.write_step(writer, step);
    writer.commit();
  }
  std::string content = read_file(scratch / "trace.h5.partial", "trace");
  std::string name = run.pins.begin()->first;
  name.resize(layout::pin_width, '\0');
  const auto at = content.find(name);
  REQUIRE(at != std::string::npos);
  content.replace(at, name.size(), std::string(name.size(), '\0'));
  std::ofstream(scratch / "copy.h5", std::ios::binary) << content;
  CHECK_THAT(refusal(scratch / "copy.h5"), Catch::Contains("/pins/name holds ''"));
}

TEST_CASE("a trace that is not sealed says so, one that is says so too") {
  const Scratch scratch;
  CHECK(Trace(rich_trace(scratch, "whole.h5")).sealed());
}

}  // namespace
}  // namespace reprise
