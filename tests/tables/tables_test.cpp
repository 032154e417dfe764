// SPDX-License-Identifier: Apache-2.0
// Rows that wait reach the file and the journal, each once; cells and shapes come back as they were; a seal
// covers each byte that it is over.
#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/tables/file_seal.h"
#include "harness/tables/growing.h"
#include "harness/tables/table_rows.h"
#include "harness/tables/text_cells.h"
#include "scratch.h"

namespace reprise {
namespace {

TEST_CASE("rows of tables come back out of a record") {
  const std::vector<std::byte> content = {std::byte{1}, std::byte{2}, std::byte{3}};
  std::vector<std::byte> record;
  put_rows(record, {"/a", 7, 3, content});
  put_rows(record, {"/ops/kernel_end", 0, 0, {}});
  const auto rows = rows_in(record);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].path == "/a");
  CHECK(rows[0].first == 7);
  CHECK(rows[0].rows == 3);
  CHECK(std::equal(rows[0].content.begin(), rows[0].content.end(), content.begin(), content.end()));
  CHECK(rows[1].path == "/ops/kernel_end");
  CHECK(rows[1].content.empty());
  for (const std::size_t size : {1, 55, 58, 60, 100})
    CHECK_THROWS_AS(rows_in(std::span(record).first(size)), h5::Trouble);
}

TEST_CASE("rows that wait go into the journal once and then into the file") {
  const Scratch scratch;
  auto file = h5::File::create(scratch / "a.h5");
  Growing table("/rows", h5::Element::u64, {2}, 4), again("/rows", h5::Element::u64, {2}, 4);
  table.make(file.id());
  table.open(file.id());
  std::vector<std::byte> record;
  const auto add = [&](std::uint64_t value) {
    table.add(value);
    table.add(value + 1);
  };
  const auto kept = [&] {
    record.clear();
    table.put_unkept(record);
    const auto rows = rows_in(record);
    for (const auto& each : rows) again.add_rows(each);
    return rows.empty() ? 0 : rows.front().rows;
  };
  add(1);
  add(3);
  CHECK(kept() == 2);
  CHECK(kept() == 0);
  add(5);
  CHECK(kept() == 1);
  table.write_pending();
  CHECK_FALSE(table.pending());
  add(7);
  CHECK(kept() == 1);
  CHECK(again.rows() == 4);
  const auto rows = rows_in(record);
  CHECK_THROWS_AS(again.add_rows(rows.front()), h5::Trouble);  // the same rows again
  TableRows half = rows.front();
  half.first = 4;
  half.content = half.content.first(8);
  CHECK_THROWS_AS(again.add_rows(half), h5::Trouble);
  table.close();
}

TEST_CASE("cells of text and shapes come back as they were") {
  std::vector<char> cells;
  add_cell(cells, "ab", 4, "name");
  add_cell(cells, "", 4, "name");
  CHECK(texts_of(cells, 4) == std::vector<std::string>{"ab", ""});
  CHECK_THROWS_WITH(add_cell(cells, "abcde", 4, "name"), Catch::Contains("name"));
  CHECK(shape_text({4000, 40}) == "4000,40");
  CHECK(shape_from_text("4000,40") == std::vector<std::int64_t>{4000, 40});
  CHECK(shape_from_text("")->empty());
  CHECK_FALSE(shape_from_text("4,x"));
}

TEST_CASE("a seal covers the bytes of its datasets and is read back") {
  const Scratch scratch;
  auto file = h5::File::create(scratch / "a.h5");
  const Digest empty = file_seal(file);
  CHECK_FALSE(stored_seal(file, file_seal_name));
  auto counts = h5::Dataset::make(file.id(), "/counts", {h5::Element::u64, 0, {1}, {1}, {}});
  const Digest zero = file_seal(file);
  CHECK(zero != empty);
  const std::uint64_t one = 1;
  counts.write({0}, {1}, &one);
  CHECK(file_seal(file) != zero);
  CHECK(artifacts_seal(file) == empty);
  write_seal(file, file_seal_name, zero);
  CHECK(stored_seal(file, file_seal_name) == zero);
}

}  // namespace
}  // namespace reprise
