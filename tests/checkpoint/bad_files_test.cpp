// SPDX-License-Identifier: Apache-2.0
// Files that lie: each is refused in one sentence that says why, and what to try.
#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "refusal.h"
#include "small_zip.h"

using namespace reprise;

TEST_CASE("programs are told apart, and a way is named") {
  refuses(said_of(fixtures / "script.pt"), "TorchScript");
  const Scratch scratch;
  refuses(said_of(scratch.path()), "without .metadata");
  refuses(said_of_bytes(scratch, ""), "it is empty");
  refuses(said_of_bytes(scratch, "just some text, no checkpoint"), "no known format");
  refuses(said_of_bytes(scratch, small_zip({{"a.txt", "x"}})), "or data.pkl");
  CHECK(said_of(scratch / "none").starts_with("no checkpoint at"));
}

TEST_CASE("a checkpoint that was cut anywhere is refused") {
  const Scratch scratch;
  for (const auto* name : {"state_dict.pt", "model.safetensors", "arrays.npz", "array.npy", "arrays5.pkl",
                           "weights.h5", "legacy.pt", "legacy4.pt", "model.gguf", "model.onnx",
                           "params.msgpack", "chunked.msgpack", "array.msgpack"}) {
    const std::string whole = read_file(fixtures / name, "fixture");
    for (std::size_t part = 1; part < 40; ++part) {
      INFO(name << " cut to " << part << " of 40 parts");
      CHECK_FALSE(said_of_bytes(scratch, whole.substr(0, whole.size() * part / 40)).empty());
    }
    CHECK(said_of_bytes(scratch, whole).empty());
  }
}

TEST_CASE("a small checkpoint made by hand is read") {
  const Scratch scratch;
  CHECK(said_of_bytes(scratch, small_pt(pickled_tensor(4, 0, {2, 2}, {2, 1}))).empty());
  CHECK(said_of_bytes(scratch, small_pt(pickled_tensor(4, 1, {3}, {1}))).empty());
  CHECK(said_of_bytes(scratch, small_pt(pickled_tensor(4, 0, {1000, 4}, {0, 1}))).empty());
}

TEST_CASE("tensors that reach beyond what is stored are refused") {
  const Scratch scratch;
  const auto said = [&](const std::string& body) { return said_of_bytes(scratch, small_pt(body)); };
  const std::int64_t terabyte = std::int64_t{1} << 38;
  refuses(said(pickled_tensor(terabyte, 0, {terabyte}, {1})), "should have 1099511627776 bytes and has 16");
  refuses(said(pickled_tensor(4, 1, {4}, {1})), "reaches beyond its storage");
  refuses(said(pickled_tensor(4, -1, {1}, {1})), "reaches beyond its storage");
  refuses(said(pickled_tensor(4, 0, {2, 2}, {3, 1})), "reaches beyond its storage");
  refuses(said(pickled_tensor(4, 0, {2}, {-1})), "strides that cannot be");
  refuses(said(pickled_tensor(4, 0, {2}, {INT64_MAX})), "reaches beyond its storage");
  refuses(said(pickled_tensor(4, 0, {3, 3}, {INT64_MAX, 1})), "strides that cannot be");
  refuses(said(pickled_tensor(4, 0, {-2}, {1})), "shape that cannot be");
  refuses(said(pickled_tensor(4, 0, {INT64_MAX, INT64_MAX}, {0, 0})), "shape that cannot be");
  refuses(said(pickled_tensor(4, 0, {terabyte}, {0})), "would make");
  refuses(said(pickled_tensor(4, 0, {2, 2}, {1})), "2 axes and 1 strides");
  refuses(said(pickled_tensor(-4, 0, {2}, {1})), "cannot be");
  refuses(said_of_bytes(scratch, small_zip({{"a/data.pkl", pickled(pickled_tensor(4, 0, {4}, {1}))}})),
          "is not in the archive");
}

TEST_CASE("pickles that no pickler writes are refused") {
  const Scratch scratch;
  const auto said = [&](const std::string& body) { return said_of_bytes(scratch, small_pt(body)); };
  refuses(said(std::string(1'000'000, ']') + std::string(999'999, 'a')), "nested deeper than 1000");
  refuses(said(std::string(1'000'000, '(')), "a value that is not there");
  refuses(said(std::string(20'000'000, 'N')), "more than 10000000 values");
  refuses(said("a"), "a value that is not there");
  refuses(said("t"), "a mark that is not there");
  refuses(said("h\x05"), "memo 5 is not there");
  refuses(said("\xff"), "the opcode 0xff");
  refuses(said("X\xff\xff\xff\x7f"
               "abc"),
          "it ends");
  refuses(said("}(K\1u"), "a key without a value");
  refuses(said("NK\1a"), "items for what is not a list");
  refuses(said_of_bytes(scratch, std::string("\x80\x05\x95", 3)), "not a readable pickle");
  CHECK(said("]q\1h\1a").empty());  // a list that holds itself
  std::string laughs = "(lq\1";     // each list holds the one before ten times
  for (char level = 1; level < 12; ++level) {
    const std::string recall = std::string("h") + level;
    laughs += "(";
    for (int i = 0; i < 10; ++i) laughs += recall;
    laughs += std::string("lq") + static_cast<char>(level + 1);
  }
  refuses(said(laughs), "refer to one another");
}

TEST_CASE("names that are no names are refused") {
  const Scratch scratch;
  const std::string tensor = pickled_tensor(4, 0, {4}, {1});
  const auto said = [&](const std::string& body) { return said_of_bytes(scratch, small_pt(body)); };
  refuses(said("}(" + pickled_text("w") + tensor + pickled_text("w") + tensor + "u"),
          "two tensors have the name 'w'");
  refuses(said("}(K\1" + tensor + pickled_text("1") + tensor + "u"), "two tensors have the name '1'");
  refuses(said("}(" + pickled_text(std::string(5000, 'x')) + tensor + "u"), "longer than 4096 bytes");
}

TEST_CASE("zip archives that lie are refused") {
  const Scratch scratch;
  const auto said = [&](const std::vector<SmallRecord>& records) {
    return said_of_bytes(scratch, small_zip(records));
  };
  const SmallRecord pickle{"a/data.pkl", pickled("N")};
  refuses(said({pickle, pickle}), "two records have the name 'a/data.pkl'");
  refuses(said({pickle, {.name = "b/data.pkl", .content = pickled("N")}}), "two checkpoints");
  refuses(said({{.name = "a/data.pkl", .content = pickled("N"), .declared = 7}}), "two sizes");
  refuses(said({{.name = "a/data.pkl", .content = pickled("N"), .flags = 1}}), "encrypted");
  refuses(said({{.name = "a/data.pkl", .content = pickled("N"), .method = 12}}), "packed by method 12");
  refuses(said({{.name = "a/data.pkl", .content = pickled("N"), .directory_name = "b/data.pkl"}}),
          "another name");
  refuses(said({pickle, {.name = "a/data/0", .content = "xxxx", .moved = 1}}),
          "is not where the zip directory says");
  refuses(said({{.name = "a/data.pkl", .content = "abc", .method = 8, .declared = 4'000'000'000}}),
          "a zip bomb");
  refuses(said({{.name = "a/data.pkl", .content = "abc", .method = 8, .declared = 10}}), "does not inflate");
  SmallRecord outer{"a/data/0", small_zip({{"a/data/1", "x"}})};
  refuses(
      said({pickle,
            outer,
            {.name = "a/data/1", .content = "x", .moved = -static_cast<std::int32_t>(outer.content.size())}}),
      "overlap");
  refuses(said({{.name = "a/data.pkl", .content = pickled("N")}, {.name = "a/byteorder", .content = "big"}}),
          "big-endian");
}

TEST_CASE("safetensors and indexes that lie are refused") {
  const Scratch scratch;
  const auto said = [&](const std::string& header, std::size_t bytes) {
    return said_of_bytes(scratch, little<std::uint64_t>(header.size()) + header + std::string(bytes, 'd'));
  };
  const std::string w = R"("w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  CHECK(said("{" + w + "}", 4).empty());
  refuses(said("{" + w + "," + w + "}", 4), "'w' twice");
  refuses(said("{" + w + "}", 5), "its data part has 5");
  refuses(said(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8), "begins at byte 4");
  refuses(said(R"({"w":{"dtype":"X1","shape":[1],"data_offsets":[0,4]}})", 4), "unknown dtype 'X1'");
  refuses(said(R"({"w":)" + std::string(100'000, '[') + "}", 4), "nested too deep");
  const auto index = [&](const std::string& text) {
    std::ofstream(scratch / "m.index.json") << text;
    return said_of(scratch / "m.index.json");
  };
  refuses(index(R"({"weight_map":{"w":"../file"}})"), "not beside it");
  refuses(index(R"({"weight_map":{"w":"m.index.json"}})"), "not beside it");
  refuses(index("[]"), "no weight_map");
  said("{" + w + "}", 4);
  CHECK(index(R"({"weight_map":{"w":"file"}})").empty());
  refuses(index(R"({"weight_map":{"w":"file","x":"file"}})"), "does not hold it");
  refuses(index(R"({"weight_map":{"x":"file"}})"), "does not name it");
}

// 640 is 0x0280: the first two bytes are those of a pickle of protocol 2.
TEST_CASE("a safetensors file whose header has 640 bytes is no pickle") {
  const Scratch scratch;
  std::string header = R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  header.resize(640, ' ');
  CHECK(said_of_bytes(scratch, little<std::uint64_t>(header.size()) + header + "dddd").empty());
  CHECK(read_checkpoint(scratch / "file").format == "safetensors");
}
