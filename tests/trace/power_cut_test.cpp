// SPDX-License-Identifier: Apache-2.0
// The power goes while a trace is written. Of its file, of which nothing was synced, any page may be as it
// was earlier, or zeros, or missing; of its journal, anything behind what was synced. No synced step is lost,
// and each that is read is true. What no digest proves is true too, as the journal's checks cover it.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/tables/journal.h"
#include "harness/trace/journaled.h"
#include "scratch.h"
#include "tensor/bytes.h"
#include "trace_fixture.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t page = 4096;

std::size_t cuts() {
  const char* given = std::getenv("REPRISE_CUTS");
  return given == nullptr ? 60 : std::strtoull(given, nullptr, 10);
}

MadeRun run_of_cuts() {
  MadeRun run;
  run.steps = 260;
  run.checkpoint_every = 45;
  run.elements = 40;
  return run;
}

// The run, step by step: how long its journal was, what of it was synced, and now and then its trace.
struct Written {
  MadeRun run = run_of_cuts();
  std::string journal;
  std::vector<std::uint64_t> journal_sizes;  // after each step
  std::vector<std::int64_t> synced;          // the last synced step then
  std::vector<std::string> traces;           // after every 13th step
  std::vector<Digest> chains;

  explicit Written(std::chrono::milliseconds sync_every) {
    const Scratch scratch;
    TraceWriter writer(scratch / "trace.h5", run.head(), sync_every);
    Digest chain;
    for (std::int64_t step = 0; step <= run.steps; ++step) {
      run.write_step(writer, step);
      journal_sizes.push_back(fs::file_size(scratch / "trace.h5.journal"));
      synced.push_back(writer.synced());
      if (step % 13 == 0) traces.push_back(read_file(scratch / "trace.h5.partial", "trace"));
      chain =
          chain_next(static_cast<std::uint64_t>(step), chain, expected_root(run.record(step), run.head()));
      chains.push_back(chain);
    }
    journal = read_file(scratch / "trace.h5.journal", "journal");
  }
};

void put(const fs::path& path, std::string_view content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

// Some pages of `now` from `first` on are as in `before`, zeros where that had none, and the end may be
// missing.
std::string torn(const std::string& now, const std::string& before, std::size_t first, Draws& draws) {
  std::string left = now;
  for (std::size_t at = first / page * page; at < left.size(); at += page) {
    if (draws.below(2) == 0) continue;
    const std::size_t length = std::min(page, left.size() - at);
    std::string old = at < before.size() ? before.substr(at, length) : "";
    old.resize(length, '\0');
    left.replace(at, length, old);
  }
  left.replace(0, first, now, 0, first);  // what shares a page with it was synced all the same
  if (draws.below(2) == 0) left.resize(first + draws.below(left.size() - first + 1));
  return left;
}

// Whether the step that was synced last came back, and all that did is true.
void check_read(const fs::path& folder, const Written& of, std::int64_t at_least) {
  const Trace trace(folder);
  REQUIRE(trace.last_step() >= at_least);
  CHECK(trace.chain(trace.last_step()) == of.chains.at(static_cast<std::size_t>(trace.last_step())));
  std::size_t checkpoints = 0;
  for (std::int64_t step = 0; step <= trace.last_step(); ++step)
    checkpoints += of.run.checkpoint(step) ? 1 : 0;
  CHECK(trace.checkpoint_steps().size() == checkpoints);
  CHECK(trace.metrics().size() == 2 * (checkpoints - 1));
  CHECK(trace.pin_checks().size() + (of.run.checkpoint(trace.last_step()) ? 1 : 0) >= checkpoints);
  check_whole(trace, of.run);
}

void cut_and_read(const Written& of, std::uint64_t seed) {
  Draws draws(seed);
  for (std::size_t i = 0; i < cuts(); ++i) {
    const Scratch scratch;
    const std::size_t step = draws.below(of.synced.size());
    INFO("cut " << i << " at step " << step);
    // All that was written before the next step was synced may be there, or not.
    const std::size_t next = std::min(step + 1, of.synced.size() - 1);
    const auto kept = of.synced[step];
    const std::string journal = of.journal.substr(0, of.journal_sizes[next]);
    put(scratch / "trace.h5.journal",
        torn(journal, "", of.journal_sizes[static_cast<std::size_t>(kept)], draws));
    const std::size_t trace = draws.below(next / 13 + 1);
    put(scratch / "trace.h5.partial", torn(of.traces[trace], of.traces[draws.below(trace + 1)], 0, draws));
    check_read(scratch.path(), of, kept);
  }
}

bool ends_with_a_record(const fs::path& journal) {
  JournalReader reader(journal);
  while (reader.next()) continue;
  return reader.rest() == 0;
}

}  // namespace

// REPRISE_CUTS=1000 trace_tests "a lost power*" makes a thousand each.
TEST_CASE("a lost power costs no step where each is synced") {
  cut_and_read(Written(std::chrono::seconds(0)), 31);
}

TEST_CASE("a lost power costs no synced step where later ones are not synced") {
  const Written of(std::chrono::hours(1));
  CHECK(of.synced.front() == 0);
  CHECK(of.synced.back() == 0);
  cut_and_read(of, 32);
}

TEST_CASE("a damaged journal is read up to its last good record") {
  const Written of(std::chrono::seconds(0));
  Draws draws(33);
  std::size_t read = 0;
  for (std::size_t i = 0; i < cuts(); ++i) {
    const Scratch scratch;
    const std::string partial = (scratch / "trace.h5.partial").string();
    std::string journal = of.journal.substr(0, draws.below(of.journal.size()));
    if (draws.below(2) == 0) journal = torn(of.journal, "", draws.below(of.journal.size()), draws);
    put(scratch / "trace.h5.journal", journal);
    put(partial, draws.below(2) == 0 ? of.traces.back() : torn(of.traces.back(), of.traces[3], 0, draws));
    INFO("cut " << i);
    try {
      const Trace trace(scratch.path());
      ++read;
      CHECK(trace.chain(trace.last_step()) == of.chains.at(static_cast<std::size_t>(trace.last_step())));
      CHECK_FALSE(trace.finished());
      CHECK((trace.why_no_more() != "" || ends_with_a_record(scratch / "trace.h5.journal")));
      for (const auto& [step, metric] : trace.metrics())
        CHECK(metric.value == of.run.record(step).metrics.at(metric.name == "loss" ? 1 : 0).value);
      for (const PinCheck& reading : trace.pin_checks()) CHECK(reading.values == of.run.pins);
    } catch (const Error& error) {
      CHECK_THAT(error.what(), Catch::Contains(partial));
    }
  }
  CHECK(read > 0);
}

TEST_CASE("a trace whose journal has no good step is read as far as its rows prove each other") {
  const Written of(std::chrono::seconds(0));
  const Scratch scratch;
  put(scratch / "trace.h5.partial", of.traces.back());
  put(scratch / "trace.h5.journal", "no record");
  const Trace trace(scratch.path());
  CHECK(trace.last_step() == of.run.steps);
  CHECK(trace.chain(of.run.steps) == of.chains.back());
  CHECK(trace.why_no_more() != "");
  CHECK(trace.metrics().empty());
  CHECK(trace.pin_checks().empty());
  CHECK(trace.checkpoint_steps().empty());
}

// Its readings have fewer pins than the plan has when it is read now.
TEST_CASE("a journal from before a pin came is read with the readings of its pins") {
  MadeRun run;
  REQUIRE(run.pins.erase("vector-math-warmup") == 1);
  const Scratch scratch;
  TraceWriter writer(scratch / "trace.h5", run.head());
  for (std::int64_t step = 0; step <= 31; ++step) run.write_step(writer, step);
  const Trace trace(scratch.path());
  REQUIRE(trace.plan().pins.size() == run.pins.size() + 1);
  REQUIRE(trace.pin_checks().size() == 2);
  CHECK(trace.pin_checks().back().values == run.pins);
}

}  // namespace reprise
