// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is said of a checkpoint that cannot be read, and that it is one sentence of three parts.
#include <catch2/catch.hpp>
#include <fstream>

#include "harness/base/error.h"
#include "harness/checkpoint/checkpoint_file.h"
#include "scratch.h"

namespace reprise {

inline const std::filesystem::path fixtures = REPRISE_SOURCE "/tests/checkpoint/fixtures";

// The sentence of a refusal, or "" if it was read whole.
inline std::string said_of(const std::filesystem::path& path) {
  try {
    const CheckpointFile checkpoint = read_checkpoint(path);
    for (const auto& tensor : checkpoint.tensors) digest_of(tensor);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

inline std::string said_of_bytes(const Scratch& scratch, const std::string& bytes) {
  std::ofstream(scratch / "file", std::ios::binary) << bytes;
  return said_of(scratch / "file");
}

inline void refuses(const std::string& said, const std::string& why) {
  INFO(said);
  CHECK(said.starts_with("wanted "));
  CHECK(said.find("found ") != said.npos);
  CHECK(said.find("; ") != said.npos);
  CHECK(said.find('\n') == said.npos);
  CHECK(said.find(why) != said.npos);
}

}  // namespace reprise
