// SPDX-License-Identifier: Apache-2.0
#include "harness/base/digest_cache.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "scratch.h"

using namespace reprise;

TEST_CASE("a digest is kept, and believed while the file is the one that was read") {
  const Scratch scratch;
  const auto file = scratch / "library", cache = scratch / "cache/digests";
  write_atomically(file, "one");
  const std::string real = sha256_text("one"), marked(64, 'a');
  {
    DigestCache digests(cache);
    CHECK(digests.sha256(file) == real);
    digests.keep();
  }
  const std::string written = read_file(cache, "cache");
  CHECK(written.find(real + " ") == 0);
  // A marked line shows that the digest came from the cache.
  write_atomically(cache, replace_all(written, real, marked));
  CHECK(DigestCache(cache).sha256(file) == marked);
  write_atomically(file, "two");
  CHECK(DigestCache(cache).sha256(file) == sha256_text("two"));
}

TEST_CASE("without a place to keep them digests are made anew, and a damaged cache is not believed") {
  const Scratch scratch;
  write_atomically(scratch / "library", "one");
  DigestCache nowhere{""};
  CHECK(nowhere.sha256(scratch / "library") == sha256_text("one"));
  CHECK_NOTHROW(nowhere.keep());
  DigestCache refused("/proc/no-such-folder/digests");
  CHECK(refused.sha256(scratch / "library") == sha256_text("one"));
  CHECK_NOTHROW(refused.keep());
  write_atomically(scratch / "cache", std::string(70, 'z') + "\nnot a line\n");
  CHECK(DigestCache(scratch / "cache").sha256(scratch / "library") == sha256_text("one"));
}
