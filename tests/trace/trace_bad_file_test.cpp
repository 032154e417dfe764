// SPDX-License-Identifier: Apache-2.0
// Files that are no trace, or are one no more: one sentence with the path, never a crash.
#include <catch2/catch.hpp>
#include <fstream>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/hdf5/hdf5.h"
#include "scratch.h"
#include "tensor/bytes.h"
#include "trace_fixture.h"

// Asked for by the leak checker of a sanitized build: HDF5 itself forgets blocks when it meets a damaged
// file.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:H5FL_"; }

namespace reprise {
namespace {
namespace fs = std::filesystem;

// The sentence with which a trace is refused; nothing if it opens.
std::optional<std::string> refusal(const fs::path& path) {
  try {
    const Trace trace(path);
    return std::nullopt;
  } catch (const Error& error) {
    return error.what();
  }
}

void check_sentence(const std::optional<std::string>& said, const fs::path& path, const std::string& words) {
  REQUIRE(said);
  CHECK_THAT(*said, Catch::Contains(words) && Catch::Contains(path.string()));
  CHECK(said->find('\n') == std::string::npos);
}

// Without the wait for the disk that write_atomically makes.
void put(const fs::path& path, std::string_view content) { std::ofstream(path, std::ios::binary) << content; }

std::string whole_trace() {
  const Scratch scratch;
  MadeRun().write(scratch / "trace.h5");
  return read_file(scratch / "trace.h5", "trace");
}

TEST_CASE("what is no trace is refused with what it is") {
  const Scratch scratch;
  check_sentence(refusal(scratch / "none.h5"), scratch / "none.h5", "no trace at");
  check_sentence(refusal(scratch.path()), scratch.path(), "folder without trace.h5");
  put(scratch / "text.h5", "steps = 7\nthis is no trace at all, but it is longer than a superblock\n");
  check_sentence(refusal(scratch / "text.h5"), scratch / "text.h5", "another kind of file");
  put(scratch / "empty.h5", "");
  check_sentence(refusal(scratch / "empty.h5"), scratch / "empty.h5", "an empty file");
  check_sentence(refusal("/dev/null"), "/dev/null", "no regular file");
}

TEST_CASE("an HDF5 file of others, and a trace of another version, are refused as such") {
  const Scratch scratch;
  h5::File::create(scratch / "other.h5").close();
  check_sentence(refusal(scratch / "other.h5"), scratch / "other.h5", "an HDF5 file that is none");
  h5::File newer = h5::File::create(scratch / "newer.h5");
  newer.set_attribute("format", std::string_view("reprise.trace/4"));
  newer.close();
  check_sentence(refusal(scratch / "newer.h5"), scratch / "newer.h5",
                 "has the format 'reprise.trace/4', but this program reads 'reprise.trace/1'");
  h5::File hollow = h5::File::create(scratch / "hollow.h5");
  hollow.set_attribute("format", trace_format);
  hollow.close();
  check_sentence(refusal(scratch / "hollow.h5"), scratch / "hollow.h5", "damaged");
}

TEST_CASE("a trace without a committed step is refused") {
  const Scratch scratch;
  { const TraceWriter writer(scratch / "trace.h5", MadeRun().head()); }
  check_sentence(refusal(scratch / "trace.h5.partial"), scratch / "trace.h5.partial", "no committed step");
}

TEST_CASE("a trace cut short at any place is refused as cut short") {
  const Scratch scratch;
  const std::string whole = whole_trace();
  Draws draws(3);
  std::vector<std::size_t> sizes = {1, 7, 8, 9, 12, 47, 48, 49, 96, 512, whole.size() / 2, whole.size() - 1};
  for (int i = 0; i < 300; ++i) sizes.push_back(1 + draws.below(whole.size() - 1));
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    put(scratch / "cut.h5", std::string_view(whole).substr(0, size));
    check_sentence(refusal(scratch / "cut.h5"), scratch / "cut.h5", "cut short");
  }
}

std::string trace_of_killed(const Scratch& scratch, const MadeRun& run) {
  TraceWriter writer(scratch / "trace.h5", run.head());
  for (std::int64_t step = 0; step <= 40; ++step) run.write_step(writer, step);
  // The file as it is now is the file of a writer killed now.
  return read_file(scratch / "trace.h5.partial", "trace");
}

TEST_CASE("a killed writer's file cut short at any place is refused, or still whole") {
  const Scratch scratch;
  const MadeRun run;
  const std::string whole = trace_of_killed(scratch, run);
  Draws draws(4);
  for (int i = 0; i < 300; ++i) {
    const std::size_t size = i == 0 ? whole.size() - 1 : 1 + draws.below(whole.size() - 1);
    CAPTURE(size);
    put(scratch / "cut.h5", std::string_view(whole).substr(0, size));
    const auto said = refusal(scratch / "cut.h5");
    if (said)
      check_sentence(said, scratch / "cut.h5", "trace");
    else
      CHECK(Trace(scratch / "cut.h5").root(30) == expected_root(run.record(30), run.head()));
  }
}

// Everything a reader may ask for; an Error ends it.
void read_all(const fs::path& path) {
  const Trace trace(path);
  const std::int64_t last = trace.last_step();
  trace.roots(0, last);
  trace.losses(0, last);
  trace.metrics();
  trace.pin_checks();
  for (std::int64_t step = 0; step <= last; ++step) {
    trace.chain(step);
    trace.stages(step);
    trace.tensors(step);
    trace.samples(step);
  }
  for (const std::int64_t step : trace.checkpoint_steps()) trace.leaves(step);
}

// Reads the whole trace with some bytes changed; whether that was refused.
bool damage_is_refused(const fs::path& path, std::string content, Draws& draws, std::size_t region) {
  const std::size_t at = draws.below(region);
  const std::size_t length = 1 + draws.below(draws.below(3) == 0 ? 200 : 2);
  CAPTURE(at, length);
  for (std::size_t i = at; i < std::min(at + length, content.size()); ++i)
    content[i] = static_cast<char>(draws.below(256));
  put(path, content);
  try {
    read_all(path);
    return false;
  } catch (const Error& error) {
    CHECK_THAT(error.what(), Catch::Contains(path.string()));
    return true;
  }
}

constexpr std::size_t structure = 20'000;  // the first part of a trace, where most of HDF5's own blocks lie

TEST_CASE("a trace with damaged bytes never ends the program otherwise than with an error that names it") {
  const Scratch scratch;
  const std::string whole = whole_trace();
  Draws draws(6);
  int refused = 0;
  for (int i = 0; i < 600; ++i)
    refused += damage_is_refused(scratch / "damaged.h5", whole, draws, i % 2 == 0 ? structure : whole.size());
  CHECK(refused > 100);
}

TEST_CASE("the damaged trace of a killed writer is refused soon, although a writer might be at work on it") {
  const Scratch scratch;
  const std::string whole = trace_of_killed(scratch, MadeRun());
  Draws draws(7);
  int refused = 0;
  for (int i = 0; i < 60; ++i) refused += damage_is_refused(scratch / "damaged.h5", whole, draws, structure);
  CHECK(refused > 10);
}

}  // namespace
}  // namespace reprise
