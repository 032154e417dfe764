// SPDX-License-Identifier: Apache-2.0
// An event file that TensorBoard's own writer made (fixtures/make_fixtures.py), and what was damaged.
#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/judge/claim/numbers.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string made_file() {
  return read_file(REPRISE_SOURCE "/tests/claim/fixtures/events.out.tfevents.made", "event file");
}

std::vector<double> scalars(const std::string& bytes, const std::string& tag) {
  return numbers_in_file(bytes, {"", "logs/events.out.tfevents.1", tag});
}

}  // namespace

TEST_CASE("an event file gives every scalar of a tag, of the older and the newer form") {
  CHECK(scalars(made_file(), "val/loss") == std::vector<double>{2.5, 2.0, 1.875});
  CHECK(scalars(made_file(), "val/accuracy") == std::vector<double>{90, 91, 92});
  CHECK_THROWS_WITH(scalars(made_file(), "val/los"), Contains("did you mean 'val/loss'?"));
}

TEST_CASE("what torch's SummaryWriter leaves of a training loop is read, in each of its three forms") {
  const std::string written =
      read_file(REPRISE_SOURCE "/tests/claim/fixtures/events.out.tfevents.written", "event file");
  CHECK(scalars(written, "val/loss") == std::vector<double>{2.5, 2.0, 1.875});
  CHECK(scalars(written, "val/accuracy") == std::vector<double>{0.1F, 0.2F, 0.3F});
  CHECK(scalars(written, "lr") == std::vector<double>{0.1, 0.2, 0.1 * 3});
  CHECK_THROWS_AS(scalars(written, "note/text_summary"), Error);
}

TEST_CASE("an event file that was damaged or cut short gives no number") {
  const std::string whole = made_file();
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    CHECK_THROWS_AS(scalars(damaged, "val/loss"), Error);
  }
  CHECK_THROWS_WITH(scalars(whole.substr(0, whole.size() - 3), "val/loss"), Contains("cut short"));
}
