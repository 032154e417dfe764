// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/batch_order.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "plan/sample_plan.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Order = std::vector<std::uint64_t>;

namespace {

Plan small_plan(std::int64_t samples, std::int64_t batch, std::int64_t steps, const std::string& kind) {
  Plan plan = sample_plan();
  plan.samples = samples;
  plan.batch = batch;
  plan.steps = steps;
  plan.pins["batch-order"] = kind;
  return plan;
}

struct Ordered {
  Scratch folder;
  std::filesystem::path path = folder / "order.txt";
  Plan plan;
  Ordered(const std::string& text, std::int64_t steps) : plan(small_plan(4, 2, steps, "file")) {
    write_atomically(path, text);
    plan.order = read_order_file(path);
  }
};

}  // namespace

// The values were computed by an implementation of Philox 4x32-10 in Python, checked against the known
// answers of the Random123 paper; each is sorted(range(n), key=lambda i: (bits64(i), i)).
TEST_CASE("the seeded order is the one that an independent computation gives") {
  CHECK(seeded_epoch(0, 0, 12) == Order{0, 10, 1, 5, 11, 6, 9, 3, 2, 8, 4, 7});
  CHECK(seeded_epoch(0, 1, 12) == Order{3, 6, 7, 2, 1, 8, 0, 10, 9, 11, 4, 5});
  CHECK(seeded_epoch(1, 0, 12) == Order{3, 4, 10, 0, 8, 9, 5, 2, 6, 1, 11, 7});
  CHECK(seeded_epoch((std::uint64_t{1} << 40) + 7, 3, 12) == Order{7, 5, 2, 0, 1, 9, 11, 3, 10, 6, 4, 8});
  const auto thousand = seeded_epoch(0, 0, 1000);
  CHECK(Order(thousand.begin(), thousand.begin() + 5) == Order{568, 15, 69, 307, 661});
  CHECK(Order(thousand.end() - 5, thousand.end()) == Order{690, 792, 502, 774, 618});
}

TEST_CASE("a seeded order deals each epoch from the front and leaves the rest out") {
  Plan plan = small_plan(10, 4, 6, "seeded");
  plan.pins["seed"] = "5";
  BatchOrder order(plan);
  // Epoch 2 under seed 5 is 1 4 9 6 | 0 8 2 3 | (7 5 are left out); steps 5 and 6.
  CHECK(order.batch(5) == Order{1, 4, 9, 6});
  CHECK(order.batch(6) == Order{0, 8, 2, 3});
  const auto first = order.batch(1);
  CHECK(first == Order(BatchOrder(plan).batch(1)));
  const auto epoch = seeded_epoch(5, 0, 10);
  CHECK(first == Order(epoch.begin(), epoch.begin() + 4));
}

TEST_CASE("the sequential order is the same in every epoch") {
  BatchOrder order(small_plan(7, 3, 5, "sequential"));
  CHECK(order.batch(1) == Order{0, 1, 2});
  CHECK(order.batch(2) == Order{3, 4, 5});
  CHECK(order.batch(3) == Order{0, 1, 2});
  CHECK_THROWS_AS(order.batch(0), Error);
  CHECK_THROWS_AS(order.batch(6), Error);
}

TEST_CASE("an order from a file is dealt as written") {
  Ordered file("3 1 0 2\n0 1 2 3\n", 4);
  BatchOrder order(file.plan);
  CHECK(order.batch(1) == Order{3, 1});
  CHECK(order.batch(2) == Order{0, 2});
  CHECK(order.batch(4) == Order{2, 3});
  CHECK(order.batch(1) == Order{3, 1});
}

TEST_CASE("a batch-order file that is wrong is refused with the line") {
  const auto refusal = [](const std::string& text, std::int64_t steps) -> std::string {
    Ordered file(text, steps);
    try {
      BatchOrder(file.plan);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK_THAT(refusal("3 1 0 2\n0 1 1 3\n", 4),
             Contains("order.txt:2: wanted each sample once, found 1 twice"));
  CHECK_THAT(refusal("3 1 0 4\n", 2), Contains("order.txt:1: wanted samples from 0 to 3, found '4'"));
  CHECK_THAT(refusal("3 1 0 x\n", 2), Contains("found 'x'"));
  CHECK_THAT(refusal("3 1 0\n", 2),
             Contains("order.txt:1: wanted all 4 samples of the training data, found 3") &&
                 Contains("missing is 2"));
  CHECK_THAT(refusal("3 1 0 2\n", 3),
             Contains("order.txt:1: wanted 2 epochs (one line each) for 3 steps, found 1") &&
                 Contains("choose steps <= 2"));
  CHECK_THAT(refusal("", 1), Contains("found 0"));
  CHECK_THAT(refusal("3 1 0 2\n\n0 1 2 3\n", 4), Contains("order.txt:2") && Contains("found 0"));
  CHECK(refusal("3 1 0 2\n0 1 2 3\n\n", 4) == "accepted");
}

TEST_CASE("a batch-order file that is not the plan's is refused") {
  Ordered file("3 1 0 2\n", 2);
  file.plan.order = OrderFile{std::string(64, '0')};
  CHECK_THROWS_WITH(take_order(file.plan, file.path),
                    Contains("wanted SHA-256 0000") && Contains("order.txt"));
  CHECK_THROWS_WITH(take_order(file.plan, file.folder / "none.txt"), Contains("no batch-order file at"));
}
