// SPDX-License-Identifier: Apache-2.0
// Edits of a trace that leave it readable as HDF5: whatever was changed is found by what the file proves
// about itself. What is not found is made so that every digest fits again: that only a signature covers.
#include <hdf5.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/tables/file_seal.h"
#include "scratch.h"
#include "tensor/bytes.h"
#include "trace/rich_trace.h"

using namespace reprise;

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> row_datasets = {"/digest", "/stage", "/root", "/chain", "/loss", "/order"};

// A dataset's bytes, to be changed and written back.
class Table {
 public:
  Table(const h5::File& file, const std::string& name)
      : id_(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT)), bytes_(h5::bytes_of(file.id(), name)) {
    const h5::Id space(H5Dget_space(id_)), type(H5Dget_type(id_));
    std::array<hsize_t, H5S_MAX_RANK> size{};
    H5Sget_simple_extent_dims(space, size.data(), nullptr);
    rows_ = size[0];
    element_ = H5Tget_size(type);
  }
  std::size_t rows() const { return rows_; }
  std::size_t elements() const { return bytes_.size() / element_; }
  std::span<std::byte> row(std::size_t i) { return std::span(bytes_).subspan(i * width(), width()); }
  std::span<std::byte> element(std::size_t i) { return std::span(bytes_).subspan(i * element_, element_); }
  void write() const {
    const h5::Id type(H5Dget_type(id_));
    REQUIRE(H5Dwrite(id_, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes_.data()) >= 0);
  }

 private:
  std::size_t width() const { return rows_ == 0 ? 0 : bytes_.size() / rows_; }
  h5::Id id_;
  std::vector<std::byte> bytes_;
  std::size_t rows_ = 0, element_ = 0;
};

void flip(std::span<std::byte> element, Draws& draws) {
  auto& byte = element[draws.below(std::min<std::size_t>(element.size(), 8))];
  byte ^= static_cast<std::byte>(1U << draws.below(7));
}

void flip_element(const h5::File& file, const std::string& name, Draws& draws) {
  Table table(file, name);
  flip(table.element(draws.below(table.elements())), draws);
  table.write();
}

// Every letter of the facts is as likely as another; what stays JSON is as wrong as what does not.
void change_fact(const h5::File& file, Draws& draws) {
  Table table(file, "/meta/facts");
  auto text = table.element(0);
  text[draws.below(text.size())] ^= std::byte{2};
  table.write();
}

// Two rows of one table, or of all of them, change places; whether that changed anything.
bool exchange_rows(const h5::File& file, const std::vector<std::string>& names, Draws& draws) {
  const std::size_t rows = Table(file, names.front()).rows(), a = draws.below(rows), b = draws.below(rows);
  bool changed = false;
  for (const auto& name : names) {
    Table table(file, name);
    const auto one = table.row(a), other = table.row(b);
    changed = changed || !std::ranges::equal(one, other);
    if (a != b) std::ranges::swap_ranges(one, other);
    table.write();
  }
  return changed;
}

// From one row on, the rows are those of another run of the same plan.
void take_rows_of(const h5::File& file, const h5::File& other, Draws& draws) {
  const bool all = draws.below(2) == 0;
  const std::size_t from = 1 + draws.below(60);
  for (const auto& name : all ? row_datasets : std::vector<std::string>{"/digest", "/stage", "/root"}) {
    Table mine(file, name), theirs(other, name);
    for (std::size_t i = from; i < mine.rows(); ++i) std::ranges::copy(theirs.row(i), mine.row(i).begin());
    mine.write();
  }
}

// A change whose maker makes the seal anew.
void forge(h5::File& file, Draws& draws) {
  flip_element(file, draws.below(2) == 0 ? "/metrics/value" : "/leaves/digest", draws);
  Table table(file, file_seal_name);
  const Digest seal = file_seal(file);
  std::memcpy(table.row(0).data(), &seal.low, sizeof seal.low);
  std::memcpy(table.row(1).data(), &seal.high, sizeof seal.high);
  table.write();
}

enum class Kind { digest, root, fact, value, rows, other_run, forged };
constexpr std::array<const char*, 7> kind_names = {"one digest",
                                                   "one root",
                                                   "one fact",
                                                   "one value of any dataset",
                                                   "two rows exchanged",
                                                   "rows of another run",
                                                   "one value, and the seal made anew"};
constexpr std::size_t kinds = kind_names.size();

bool make_edit(Kind kind, const fs::path& path, const h5::File& other,
               const std::vector<std::string>& datasets, Draws& draws) {
  auto file = h5::File::open_to_add(path);
  bool changed = true;
  if (kind == Kind::digest) flip_element(file, "/digest", draws);
  if (kind == Kind::root) flip_element(file, "/root", draws);
  if (kind == Kind::fact) change_fact(file, draws);
  if (kind == Kind::value) flip_element(file, datasets[draws.below(datasets.size())], draws);
  if (kind == Kind::rows) {
    const bool all = draws.below(2) == 0;
    changed = exchange_rows(
        file, all ? row_datasets : std::vector<std::string>{row_datasets[draws.below(row_datasets.size())]},
        draws);
  }
  if (kind == Kind::other_run) take_rows_of(file, other, draws);
  if (kind == Kind::forged) forge(file, draws);
  file.close();
  return changed;
}

bool is_refused(const fs::path& path) {
  try {
    const Trace trace(path);
    return false;
  } catch (const Error& error) {
    CHECK_THAT(error.what(), Catch::Contains(path.string()));
    return true;
  }
}

std::size_t wanted_edits() {
  const char* wanted = std::getenv("REPRISE_EDITS");
  return wanted == nullptr ? 210 : std::strtoull(wanted, nullptr, 10);
}

}  // namespace

// REPRISE_EDITS=1000 trace_tests "an edit*" makes a thousand, and says of which kinds.
TEST_CASE("an edit that leaves a trace readable is found, or made so that only a signature covers it") {
  const Scratch scratch;
  const fs::path whole = scratch / "whole.h5", edited = scratch / "edited.h5";
  write_rich_trace(whole);
  write_rich_trace(scratch / "other.h5", 0.25F);
  const auto other = h5::File::open(scratch / "other.h5");
  const auto datasets = datasets_of(whole);
  const std::string signed_sha256 = sha256_text(read_file(whole, "trace"));
  Draws draws(12);
  std::map<Kind, std::size_t> made;
  for (std::size_t i = 0, all = 0; all < wanted_edits(); ++i) {
    const auto kind = static_cast<Kind>(i % kinds);
    fs::copy_file(whole, edited, fs::copy_options::overwrite_existing);
    if (!make_edit(kind, edited, other, datasets, draws)) continue;
    INFO("edit " << i << " of kind " << static_cast<int>(kind));
    CHECK(is_refused(edited) == (kind != Kind::forged));
    // What a signature covers is the file.
    CHECK(sha256_text(read_file(edited, "trace")) != signed_sha256);
    ++made[kind];
    ++all;
  }
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    const std::size_t count = made[static_cast<Kind>(kind)];
    CHECK(count > wanted_edits() / 14);
    if (std::getenv("REPRISE_EDITS") != nullptr) std::printf("%4zu %s\n", count, kind_names[kind]);
  }
}
