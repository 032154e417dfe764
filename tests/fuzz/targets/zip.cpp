// SPDX-License-Identifier: Apache-2.0
// Zip archives, each record inflated.
#include "checkpoint/small_zip.h"
#include "container/bytes.h"
#include "fuzz/target.h"
#include "harness/container/zip_archive.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() { return {small_zip({{"a/stored", "abc"}, {"b", std::string(300, 'x')}})}; }

void read(const std::string& input) {
  const ZipArchive archive(kept(input));
  for (const auto& [name, record] : archive.records()) archive.content(record);
}

}  // namespace

extern const FuzzTarget zip{
    .summary = "zip archives",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
