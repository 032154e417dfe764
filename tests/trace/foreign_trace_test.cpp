// SPDX-License-Identifier: Apache-2.0
// Traces made to harm whoever reads them: sound HDF5, but no trace that a writer of ours makes.
#include <hdf5.h>

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/hdf5/hdf5.h"
#include "scratch.h"
#include "trace_fixture.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

// A good trace, and another one to which links may lead.
struct Foreign {
  Scratch scratch;
  fs::path path = scratch / "trace.h5", other = scratch / "other.h5";
  Foreign() {
    MadeRun().write(path);
    fs::copy_file(path, other);
  }
  std::string refusal() const {
    try {
      const Trace trace(path);
      return "read";
    } catch (const Error& error) {
      return error.what();
    }
  }
  void take_away(h5::File& file, const char* name) const {
    REQUIRE(H5Ldelete(file.id(), name, H5P_DEFAULT) >= 0);
  }
};

void write_scalar(h5::File& file, const std::string& name, std::uint64_t value) {
  h5::Dataset::open(file.id(), name, h5::Element::u64, 0).write({}, {}, &value);
}

}  // namespace

TEST_CASE("a dataset or a group behind a link of another kind is refused") {
  SECTION("to another file") {
    const Foreign foreign;
    auto file = h5::File::open_to_add(foreign.path);
    foreign.take_away(file, "/root");
    REQUIRE(H5Lcreate_external(foreign.other.c_str(), "/root", file.id(), "/root", H5P_DEFAULT,
                               H5P_DEFAULT) >= 0);
    file.close();
    CHECK_THAT(foreign.refusal(), Contains("/root is a link, which no trace has"));
  }
  SECTION("a whole group of another file") {
    const Foreign foreign;
    auto file = h5::File::open_to_add(foreign.path);
    foreign.take_away(file, "/leaves");
    REQUIRE(H5Lcreate_external(foreign.other.c_str(), "/leaves", file.id(), "/leaves", H5P_DEFAULT,
                               H5P_DEFAULT) >= 0);
    file.close();
    CHECK_THAT(foreign.refusal(), Contains("/leaves is a link, which no trace has"));
  }
  SECTION("to another name") {
    const Foreign foreign;
    auto file = h5::File::open_to_add(foreign.path);
    foreign.take_away(file, "/chain");
    REQUIRE(H5Lcreate_soft("/root", file.id(), "/chain", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    file.close();
    CHECK_THAT(foreign.refusal(), Contains("/chain is a link, which no trace has"));
  }
}

TEST_CASE("a dataset that is packed, or lies in another file, is refused") {
  constexpr hsize_t size[] = {71, 2};
  for (const bool packed : {true, false}) {
    const Foreign foreign;
    auto file = h5::File::open_to_add(foreign.path);
    foreign.take_away(file, "/root");
    {
      const h5::Id list(H5Pcreate(H5P_DATASET_CREATE)), space(H5Screate_simple(2, size, nullptr));
      if (packed) {
        REQUIRE(H5Pset_chunk(list, 2, size) >= 0);
        REQUIRE(H5Pset_deflate(list, 1) >= 0);
      } else {
        REQUIRE(H5Pset_external(list, "/etc/hostname", 0, H5F_UNLIMITED) >= 0);
      }
      const h5::Id made(H5Dcreate2(file.id(), "/root", H5T_STD_U64LE, space, H5P_DEFAULT, list, H5P_DEFAULT));
      REQUIRE(made >= 0);
    }
    file.close();
    CHECK_THAT(foreign.refusal(),
               Contains(packed ? "/root is packed by a filter" : "/root has its values in other"));
  }
}

TEST_CASE("a count that speaks of more than the file has is refused before memory is taken for it") {
  const Foreign foreign;
  auto file = h5::File::open_to_add(foreign.path);
  const std::uint64_t many = std::uint64_t{1} << 40;
  for (const auto& name : {"/root", "/chain", "/loss"}) {
    const hsize_t size[] = {many, 2};
    const h5::Id dataset(H5Dopen2(file.id(), name, H5P_DEFAULT));
    REQUIRE(H5Dset_extent(dataset, size) >= 0);
  }
  write_scalar(file, "/committed", many);
  file.close();
  CHECK_THAT(foreign.refusal(), Contains("more than its file has bytes"));
}

TEST_CASE("a trace of a run that did not end has no more steps than its plan") {
  const Scratch scratch;
  MadeRun run;
  {
    TraceHead head = run.head();
    head.plan.steps = 40;
    head.plan.watch.checkpoint_every = 20;
    head.plan.evaluate_every = 20;
    TraceWriter writer(scratch / "trace.h5", head);
    for (std::int64_t step = 0; step <= 41; ++step) run.write_step(writer, step);
    writer.commit();
  }
  try {
    const Trace trace(scratch / "trace.h5.partial");
    FAIL("it was read");
  } catch (const Error& error) {
    CHECK_THAT(error.what(), Contains("it has 41 steps, more than the 40 of its plan"));
  }
}
