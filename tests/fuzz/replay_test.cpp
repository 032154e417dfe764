// SPDX-License-Identifier: Apache-2.0
// Every reader of strangers' files, held to good files, to files damaged in fixed ways, and to those that
// once did harm (tests/fuzz/corpus/TARGET, found by scripts/fuzz.sh).
#include <catch2/catch.hpp>
#include <set>

#include "damage.h"
#include "fuzz/target.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/hdf5/hdf5.h"

using namespace reprise;

namespace {

namespace fs = std::filesystem;

// "" for what was read.
std::string refusal(const FuzzTarget& target, const std::string& input) {
  try {
    target.read(input);
    return "";
  } catch (const h5::Trouble& trouble) {
    return std::string("a Trouble that nobody turned into a sentence: ") + trouble.what() + "\n";
  } catch (const Error& error) {
    return error.what();
  }
}

void check_sentence(const std::string& said) {
  CHECK(said.find('\n') == said.npos);
  CHECK(said.size() < 4000);
  CHECK_FALSE(said.starts_with("broken invariant at "));
}

}  // namespace

TEST_CASE("good files of every kind are read to their end") {
  for (const auto& [name, target] : fuzz_targets_shelf()) {
    const auto seeds = target->seeds();
    CHECK_FALSE(seeds.empty());
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      INFO(name << " " << i);
      CHECK(refusal(*target, seeds[i]) == "");
    }
  }
}

TEST_CASE("damaged files of every kind are read or refused in one sentence") {
  for (const auto& [name, target] : fuzz_targets_shelf()) {
    const auto seeds = target->seeds();
    const std::uint64_t count = target->slow ? 60 : 400;
    std::size_t refused = 0;
    for (std::uint64_t seed = 0; seed < count; ++seed) {
      const std::string said = refusal(*target, damaged(seeds[seed % seeds.size()], seed));
      INFO(name << " " << seed << ": " << said);
      check_sentence(said);
      refused += said.empty() ? 0 : 1;
    }
    INFO(name);
    // A line of a log that is damaged, and an edit of a trace's values, need no words.
    const bool silent = name == "events" || name == "history" || name == "trace-values" || name == "wire";
    CHECK((refused > count / 10 || silent));
  }
}

TEST_CASE("inputs that once did harm are read or refused in one sentence") {
  const fs::path corpus = REPRISE_SOURCE "/tests/fuzz/corpus";
  std::set<std::string> known;
  for (const auto& [name, target] : fuzz_targets_shelf()) {
    known.emplace(name);
    if (!fs::is_directory(corpus / name)) continue;
    for (const auto& file : list_folder(corpus / name)) {
      const std::string said = refusal(*target, read_file(file, "input"));
      INFO(file.string() << ": " << said);
      check_sentence(said);
    }
  }
  // A folder whose target has another name now would never be replayed.
  if (fs::is_directory(corpus))
    for (const auto& folder : list_folder(corpus)) CHECK(known.contains(folder.filename().string()));
}
