// SPDX-License-Identifier: Apache-2.0
// Plain values: each has a name and a text, and diff tells which differ.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/checkpoint/plain_values.h"
#include "harness/judge/compare/plain_values.h"
#include "program.h"
#include "refusal.h"
#include "scratch.h"
#include "small_zip.h"

using namespace reprise;

namespace {

std::string value_of(const CheckpointFile& file, const std::string& name) {
  for (const auto& value : file.plain)
    if (value.name == name) return value.text;
  return "not there";
}

CheckpointFile with(std::vector<PlainValue> values, const std::string& whose) {
  CheckpointFile file;
  file.scalars = values.size();
  file.plain = std::move(values);
  file.values = whose;
  return file;
}

std::string path_of(const std::string& name) { return "'" + (fixtures / name).string() + "'"; }

}  // namespace

TEST_CASE("plain values of a pickle have the names that lead to them, and texts as in Python") {
  const CheckpointFile file = read_checkpoint(fixtures / "plain_a.pt");
  const std::pair<const char*, const char*> told[] = {{"optimizer.param_groups.0.lr", "0.1"},
                                                      {"optimizer.param_groups.0.nesterov", "False"},
                                                      {"epoch", "3"},
                                                      {"rng.0", "3"},
                                                      {"rng.1.2", "3"},
                                                      {"rng.2", "None"},
                                                      {"words", "{'a', 'b', 'c'}"},
                                                      {"big", "0x100000000000000000000"},
                                                      {"raw", "b'\\x00a'"},
                                                      {"size.0.0", "2"},
                                                      {"accuracy", "numpy <f4 0.5"},
                                                      {"name", "'one'"},
                                                      {"type", "torch.float16"},
                                                      {"left", "None"}};
  for (const auto& [name, text] : told) {
    INFO(name);
    CHECK(value_of(file, name) == text);
  }
  CHECK(file.scalars == file.plain.size());
}

TEST_CASE("plain values of the other formats are told, and formats without any have none") {
  const CheckpointFile gguf = read_checkpoint(fixtures / "model.gguf");
  CHECK(value_of(gguf, "general.name") == "'größe'");
  CHECK(value_of(gguf, "tiny.rate") == "0.1");
  CHECK(value_of(gguf, "tiny.i64") == "-4611686018427387904");
  CHECK(value_of(gguf, "tiny.u64") == "9223372036854775808");
  CHECK(value_of(gguf, "tiny.yes") == "True");
  CHECK(value_of(gguf, "tiny.words") == "['a', 'b']");
  CHECK(value_of(gguf, "tiny.many").starts_with("[0, 1, 2, 3, 4, 5, 6, 7, ... (100 values, digest "));
  CHECK(value_of(read_checkpoint(fixtures / "model.onnx"), "metadata_props.epoch") == "'3'");
  CHECK(value_of(read_checkpoint(fixtures / "model.safetensors"), "__metadata__.format") == "'pt'");
  const CheckpointFile flax = read_checkpoint(fixtures / "params.msgpack");
  CHECK(value_of(flax, "rate") == "0.1");
  CHECK(value_of(flax, "c") == "complex(1.0, 2.0)");
  CHECK(value_of(flax, "s") == "numpy float32 2.5");
  CHECK(value_of(flax, "list.1") == "-200");
  CHECK(value_of(flax, "list.2") == "9223372036854775808");
  CHECK(read_checkpoint(fixtures / "arrays.npz").plain.empty());
  CHECK(read_checkpoint(fixtures / "weights.h5").values.empty());
}

TEST_CASE("long texts are cut, and still told apart") {
  const std::string text(5000, 'x');
  CHECK(text_in_quotes(text).size() < 300);
  CHECK(text_in_quotes(text) != text_in_quotes(text.substr(1) + "y"));
  CHECK(text_in_quotes("it's\n") == "'it\\'s\\x0a'");
  const std::string bytes(5000, '\0'), other = bytes.substr(1) + "y";
  CHECK(bytes_in_quotes(std::as_bytes(std::span(bytes))) != bytes_in_quotes(std::as_bytes(std::span(other))));
}

TEST_CASE("plain values are compared by name and text, whatever their order") {
  const auto a = with({{"epoch", "3"}, {"lr", "0.1"}, {"only", "1"}}, "Python");
  const auto b = with({{"epoch", "3"}, {"lr", "0.2"}, {"other", "1"}}, "Python");
  const PlainDiff diff = compare_plain(a, b, {});
  CHECK(diff.equal == 1);
  REQUIRE(diff.differing.size() == 1);
  CHECK(diff.differing[0].left == "0.1");
  CHECK(diff.differing[0].right == "0.2");
  CHECK(diff.only_left.at(0).name == "only");
  CHECK(diff.only_right.at(0).name == "other");
  const PlainDiff twice =
      compare_plain(with({{"x", "1"}, {"x", "2"}}, ""), with({{"x", "2"}, {"x", "3"}}, ""), {});
  CHECK(twice.equal == 1);
  CHECK(twice.differing.size() == 1);
  CHECK(
      compare_plain(with({{"module.lr", "1"}}, ""), with({{"lr", "1"}}, ""), {rename_of("module.=")}).same());
  const PlainDiff formats = compare_plain(a, with({{"lr", "0.2"}}, "GGUF"), {});
  CHECK(formats.differing.size() == 1);
  CHECK(formats.no_place_left == 2);
  CHECK(formats.only_left.empty());
}

TEST_CASE("values that hold one another many times over end in time") {
  const Scratch scratch;
  std::string laughs = pickled_text("haha") + "q\1";  // each tuple holds the one before ten times
  for (char level = 1; level < 7; ++level) {
    laughs += "(";
    for (int i = 0; i < 10; ++i) laughs += std::string("h") + level;
    laughs += std::string("tq") + static_cast<char>(level + 1);
  }
  const std::string set = "c__builtin__\nset\n((h\7ltR";
  CHECK(said_of_bytes(scratch, small_pt(laughs + set)).empty());
  const CheckpointFile file = read_checkpoint(scratch / "file");
  CHECK(file.scalars >= 1);
  const std::string big = "X" + little<std::uint32_t>(1'000'000) + std::string(1'000'000, 'x') + "q\1";
  std::string many = big + "(";
  for (int i = 0; i < 5000; ++i) many += "h\1";
  CHECK(said_of_bytes(scratch, small_pt(many + "t")).empty());
  CHECK(read_checkpoint(scratch / "file").plain.size() < 5000);
  CHECK(read_checkpoint(scratch / "file").scalars == 5000);
}

TEST_CASE("diff shows the plain values that differ, and says what it compared") {
  Scratch folder;
  const auto said = run_program(folder.path(), "diff " + path_of("plain_a.pt") + " " + path_of("plain_b.pt"));
  INFO(said.out << said.err);
  CHECK(said.code == 1);
  CHECK(contains(said.out, "optimizer.param_groups.0.lr: 0.1 against 0.2\n"));
  CHECK(contains(said.out, "epoch: 3 against 4\n"));
  CHECK(contains(said.out, "rng.1.2: 3 against 5\n"));
  CHECK(contains(said.out, "left: None, only in "));
  CHECK_FALSE(contains(said.out, "words"));
  CHECK(contains(said.out, "1 tensors are equal, 0 differ"));
  CHECK(contains(said.out, "plain values are equal, 6 differ, 2 have no partner"));
  const auto same =
      run_program(folder.path(), "diff " + path_of("legacy.pt") + " " + path_of("state_dict.pt"));
  CHECK(same.code == 0);
  CHECK(contains(same.out, "in all 9 tensors and 4 plain values."));
  const auto other =
      run_program(folder.path(), "diff " + path_of("legacy.pt") + " " + path_of("model.safetensors"));
  CHECK(other.code == 0);
  CHECK(contains(other.out, "not compared: 4 plain values of "));
  const auto json =
      run_program(folder.path(), "diff --json " + path_of("plain_a.pt") + " " + path_of("plain_b.pt"));
  CHECK(json.code == 1);
  const auto document = nlohmann::json::parse(json.out);
  CHECK(document["same"] == false);
  CHECK(document["differing"].empty());
  CHECK(document["plain"]["differing"].size() == 6);
  CHECK(document["plain"]["only_left"][0]["name"] == "left");
  CHECK(document["plain"]["only_left"][0]["value"] == "None");
}

TEST_CASE("an empty list or dict is a value") {
  const Scratch scratch;
  CHECK(said_of_bytes(scratch, small_pt("}(" + pickled_text("a") + "]" + pickled_text("b") + "}u")).empty());
  const CheckpointFile file = read_checkpoint(scratch / "file");
  CHECK(value_of(file, "a") == "[]");
  CHECK(value_of(file, "b") == "{}");
}

TEST_CASE("blocks of quantized tensors are compared byte by byte") {
  Scratch folder;
  std::string model = content_of(fixtures / "model.gguf");
  model[model.size() - 40] = static_cast<char>(model[model.size() - 40] ^ 1);  // the last tensor is MXFP4
  std::ofstream(folder / "other.gguf", std::ios::binary) << model;
  const auto said = run_program(folder.path(), "diff other.gguf " + path_of("model.gguf"));
  INFO(said.out << said.err);
  CHECK(said.code == 1);
  CHECK(contains(said.out, "blocks.MXFP4: 1 of 102 elements differ\n"));
  CHECK(contains(said.out, "12 tensors are equal, 1 differ"));
}

TEST_CASE("checkpoints without tensors are compared by their plain values") {
  Scratch folder;
  const auto put = [&](const std::string& name, const std::string& body) {
    std::ofstream(folder / name, std::ios::binary) << small_pt(body);
  };
  put("a.pt", "K\1"), put("b.pt", "K\1"), put("c.pt", "K\2"), put("empty.pt", "]");
  CHECK(contains(run_program(folder.path(), "diff a.pt b.pt").out, "in all 1 plain values"));
  CHECK(run_program(folder.path(), "diff a.pt c.pt").code == 1);
  CHECK(run_program(folder.path(), "diff empty.pt empty.pt").code == 2);
}

namespace {

std::string npy(const std::string& dtype, const std::string& bytes) {
  std::string header = "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': (1,), }";
  header.resize(118, ' ');
  return "\x93NUMPY\x01" + std::string(1, '\0') + little<std::uint16_t>(118) + header + bytes;
}

}  // namespace

TEST_CASE("files that hold what cannot be read are not called the same, unless they are byte for byte") {
  const Scratch scratch;
  const auto write = [&](const std::string& name, char last) {
    std::ofstream(scratch / name, std::ios::binary) << small_zip(
        {{"w.npy", npy("<f4", std::string(4, '\1'))}, {"a.npy", npy("<f16", std::string(15, '\0') + last)}});
  };
  write("a.npz", 'a');
  write("b.npz", 'b');
  write("c.npz", 'a');
  const auto other = run_program(scratch.path(), "diff a.npz b.npz");
  INFO(other.out << other.err);
  CHECK(other.code == 2);
  CHECK(contains(other.out, "untested, so the files may differ"));
  CHECK(nlohmann::json::parse(run_program(scratch.path(), "diff --json a.npz b.npz").out)["same"].is_null());
  const auto copy = run_program(scratch.path(), "diff a.npz c.npz");
  CHECK(copy.code == 0);
  CHECK(contains(copy.out, "The same values, bit for bit, in all 1 tensors"));
}

TEST_CASE("a file that only names where its values lie is not the same for being so byte for byte") {
  const Scratch scratch;
  std::filesystem::copy(fixtures / "weights.h5", scratch / "copy.h5");
  const auto copy = run_program(scratch.path(), "diff " + path_of("weights.h5") + " copy.h5");
  INFO(copy.out << copy.err);
  CHECK(copy.code == 2);
  CHECK(contains(copy.out, "untested, so the files may differ"));
}
