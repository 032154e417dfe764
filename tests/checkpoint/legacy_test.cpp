// SPDX-License-Identifier: Apache-2.0
// What torch.save wrote before 1.6, made by hand.
#include <catch2/catch.hpp>

#include "refusal.h"
#include "small_zip.h"

using namespace reprise;

namespace {

const std::string magic = "\x8a\x0a" + std::string("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);

struct SmallLegacy {
  std::string body = pickled_tensor(4, 0, {4}, {1});
  std::string keys = "](" + pickled_text("0") + "e";
  std::string storages = little<std::int64_t>(4) + std::string(16, '\1');
  std::string version = "M\xe9\x03";
  std::string machine = "}" + pickled_text("little_endian") + "\x88s";
};

std::string bytes_of(const SmallLegacy& file) {
  return pickled(magic) + pickled(file.version) + pickled(file.machine) + pickled(file.body) +
         pickled(file.keys) + file.storages;
}

}  // namespace

TEST_CASE("files of torch.save before 1.6 that lie are refused") {
  const Scratch scratch;
  const auto said = [&](const SmallLegacy& file) { return said_of_bytes(scratch, bytes_of(file)); };
  CHECK(said({}).empty());
  CHECK(read_checkpoint(scratch / "file").format == "PyTorch before 1.6");
  refuses(said({.version = "K\1"}), "its version is 1");
  refuses(said({.machine = "}" + pickled_text("little_endian") + "\x89s"}), "big-endian");
  refuses(said({.storages = little<std::int64_t>(5) + std::string(16, '\1')}), "cut short");
  refuses(said({.storages = little<std::int64_t>(INT64_MAX) + std::string(16, '\1')}),
          "shape that cannot be");
  refuses(said({.storages = little<std::int64_t>(-1) + std::string(16, '\1')}), "shape that cannot be");
  refuses(said({.storages = little<std::int64_t>(3) + std::string(12, '\1')}),
          "should have 16 bytes and has 12");
  refuses(said({.storages = little<std::int64_t>(4) + std::string(17, '\1')}),
          "1 bytes follow its last storage");
  refuses(said({.storages = "123"}), "cut short");
  refuses(said({.keys = "]", .storages = ""}), "is not in the archive");
  refuses(said({.keys = "](" + pickled_text("7") + "e"}), "an element type that is not known");
  refuses(said({.keys = "](" + pickled_text("0") + pickled_text("0") + "e",
                .storages = std::string(2, '\0') + std::string(14, '\0')}),
          "is there twice");
  refuses(said({.keys = "N"}), "are not a list");
  const auto storage = [](const std::string& type, const std::string& view) {
    return "(" + pickled_text("storage") + "ctorch\n" + type + "\n" + pickled_text("0") +
           pickled_text("cpu") + std::string("K\4") + view + "tQ";
  };
  CHECK(said({.body = storage("FloatStorage", "N")}).empty());
  refuses(said({.body = storage("FloatStorage", "(" + pickled_text("1") + std::string("K\0K\4t", 5))}),
          "is a view of another");
  refuses(said({.body = "(" + storage("FloatStorage", "N") + storage("IntStorage", "N") + "t"}),
          "has two element types");
}
