// SPDX-License-Identifier: Apache-2.0
// A journal gives back what it was given, up to the first record that is not as it was written.
#include "harness/tables/journal.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "harness/base/files.h"
#include "harness/hdf5/hdf5.h"
#include "scratch.h"
#include "tensor/bytes.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

using Records = std::vector<std::vector<std::byte>>;

// Of 0, 1, 300, ... bytes.
Records some_records() {
  Records records;
  for (const std::size_t bytes : {0, 1, 300, 4096, 40'000, 17}) records.push_back(pattern(bytes, bytes));
  return records;
}

std::string written(const fs::path& path, const Records& records) {
  Journal journal;
  journal.create(path);
  for (const auto& record : records) journal.append(record);
  journal.sync();
  CHECK(journal.synced());
  return read_file(path, "journal");
}

Records read_back(const fs::path& path, std::uint64_t& rest) {
  JournalReader reader(path);
  Records records;
  while (auto record = reader.next()) records.push_back(std::move(*record));
  rest = reader.rest();
  return records;
}

void put(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

TEST_CASE("what was appended to a journal is read back") {
  const Scratch scratch;
  const Records records = some_records();
  std::uint64_t rest = 1;
  const std::string whole = written(scratch / "a", records);
  const bool same = read_back(scratch / "a", rest) == records;
  CHECK(same);
  CHECK(rest == 0);
  CHECK(whole.starts_with("reprise.record.1"));
  written(scratch / "a", {});  // a new one takes the place of what was there
  CHECK(read_back(scratch / "a", rest).empty());
  CHECK(rest == 0);
  CHECK_THROWS_AS(JournalReader(scratch / "none"), h5::Trouble);
  CHECK_THROWS_WITH(Journal().create(scratch / "no/such"), Catch::Contains("No such file"));
}

TEST_CASE("a journal cut short anywhere gives the records before") {
  const Scratch scratch;
  const Records records = some_records();
  const std::string whole = written(scratch / "a", records);
  for (std::size_t size = 0; size < whole.size(); size += size < 6000 ? 1 : 97) {
    put(scratch / "cut", whole.substr(0, size));
    std::uint64_t rest = 0, taken = 0;
    const Records read = read_back(scratch / "cut", rest);
    REQUIRE(read.size() < records.size());
    for (const auto& record : read) taken += sizeof(RecordHead) + record.size();
    REQUIRE(std::equal(read.begin(), read.end(), records.begin()));
    REQUIRE(taken + rest == size);
  }
}

TEST_CASE("a journal with a changed byte gives only records from before it") {
  const Scratch scratch;
  const Records records = some_records();
  const std::string whole = written(scratch / "a", records);
  Draws draws(5);
  for (int i = 0; i < 600; ++i) {
    const std::size_t at = draws.below(i % 2 == 0 ? 600 : whole.size());
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1 << draws.below(8)));
    put(scratch / "changed", changed);
    std::uint64_t rest = 0;
    const Records read = read_back(scratch / "changed", rest);
    REQUIRE(std::equal(read.begin(), read.end(), records.begin()));
    REQUIRE(whole.size() - rest <= at);
  }
}

TEST_CASE("records out of another journal or order are not taken") {
  const Scratch scratch;
  const std::vector<std::byte> a = pattern(40, 1), b = pattern(40, 2);
  const std::size_t record = sizeof(RecordHead) + 40;
  const std::string ab = written(scratch / "ab", {a, b}), bb = written(scratch / "bb", {b, b});
  std::uint64_t rest = 0;
  put(scratch / "mixed", bb.substr(0, record) + ab.substr(record));
  CHECK(read_back(scratch / "mixed", rest).size() == 1);
  put(scratch / "turned", ab.substr(record) + ab.substr(0, record));
  CHECK(read_back(scratch / "turned", rest).empty());
}

// A limit on the size of files stands for the full disk.
TEST_CASE("a full disk costs no record that was there and ends the journal") {
  const Scratch scratch;
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit bytes{5000, 5000};
    ::setrlimit(RLIMIT_FSIZE, &bytes);
    Journal journal;
    journal.create(scratch / "a");
    journal.append(pattern(300));
    int refused = 0;
    for (const std::size_t more : {9000, 200}) {
      try {
        journal.append(pattern(more));
      } catch (const h5::Trouble& trouble) {
        refused += std::string_view(trouble.what()) == "File too large" ? 1 : 0;
      }
    }
    ::_exit(refused == 2 ? 42 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 42);
  std::uint64_t rest = 0;
  const bool same = read_back(scratch / "a", rest) == Records{pattern(300)};
  CHECK(same);
}

TEST_CASE("a journal that is removed leaves nothing") {
  const Scratch scratch;
  Journal journal;
  journal.create(scratch / "a");
  journal.remove();
  CHECK_FALSE(fs::exists(scratch / "a"));
  CHECK_THROWS_AS(sync_file(scratch / "a"), h5::Trouble);
  CHECK_NOTHROW(sync_folder(scratch.path()));
}

}  // namespace
}  // namespace reprise
