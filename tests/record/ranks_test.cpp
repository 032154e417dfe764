// SPDX-License-Identifier: Apache-2.0
// Ranks as processes: their means, and what is said where one of them falls.
#include "harness/record/ranks/ranks.h"

#include <ATen/ops/full.h>
#include <signal.h>

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/record/ranks/rank_processes.h"
#include "harness/record/training/run_setup.h"
#include "record/fixed_setup.h"
#include "scratch.h"

using namespace reprise;

namespace {

RankEnd told_of(const std::function<void()>& run) {
  try {
    run();
    return {};
  } catch (const std::exception& error) {
    return {2, error.what()};
  }
}

// Each rank brings its number plus one; every one of them must have the mean.
RankEnd average_once(const RankPlace& place) {
  return told_of([&] {
    Ranks ranks(place);
    const at::Tensor mine = at::full({5}, static_cast<double>(place.rank + 1));
    ranks.average({mine});
    const double mean = static_cast<double>(place.ranks + 1) / 2;
    for (int i = 0; i < 5; ++i)
      if (mine[i].item<double>() != mean) fail("found {}", mine[i].item<double>());
    ranks.made(1);
  });
}

}  // namespace

TEST_CASE("every rank has the mean of what the ranks brought") {
  for (const std::int64_t count : {2, 3}) {
    const Scratch scratch;
    const RankEnd end = train_as_ranks(scratch / ".", count, average_once);
    INFO(end.reason);
    REQUIRE(end.exit_code == 0);
    for (const auto& left : {"meeting", rank_marks_name})
      REQUIRE_FALSE(std::filesystem::exists(scratch / left));
  }
}

TEST_CASE("a rank that is killed is named with its last step, and the others are ended") {
  const Scratch scratch;
  const RankEnd end = train_as_ranks(scratch / ".", 3, [](const RankPlace& place) {
    return told_of([&] {
      Ranks ranks(place);
      for (std::int64_t step = 1; step < 10; ++step) {
        if (place.rank == 1 && step == 4) ::raise(SIGKILL);
        ranks.average({at::full({5}, 1.0)});
        ranks.made(step);
      }
    });
  });
  REQUIRE(end.exit_code == 2);
  REQUIRE(end.reason == "rank 1 was ended by signal 9 after step 3; the other ranks were ended");
  REQUIRE(read_file(folder_of_rank(scratch / ".", 1) / "ended.txt", "end") == "signal 9\n");
}

TEST_CASE("a rank that fails gives its reason, with its exit code") {
  const Scratch scratch;
  const RankEnd end = train_as_ranks(scratch / ".", 2, [](const RankPlace& place) {
    if (place.rank == 1) return RankEnd{3, "the data is not there"};
    return average_once(place);
  });
  REQUIRE(end.exit_code == 3);
  REQUIRE(end.reason == "rank 1: the data is not there");
}

// What each of two ranks says of a step in which `act` is done; both say the same.
std::string said_of_step(const std::function<void(const RunSetup&)>& act) {
  const Scratch scratch;
  Plan plan = FixedSetup().plan_;
  plan.batch = 4;
  plan.placement.ranks = 2;
  const RankEnd end = train_as_ranks(scratch / ".", 2, [&](const RankPlace& place) {
    return told_of([&] {
      Ranks ranks(place);
      const RunSetup setup(plan, &ranks);
      act(setup);
      setup.end_step(1);
    });
  });
  return end.reason;
}

TEST_CASE("a step in which a program takes no share, averages nothing or draws for itself is not let pass") {
  using Catch::Matchers::Contains;
  const at::Tensor gradient = at::full({3}, 1.0);
  REQUIRE(said_of_step([&](const RunSetup& setup) {
            if (setup.batch(1).numel() != 2) fail("the share is not half of the batch");
            setup.average({gradient});
          }) == "");
  REQUIRE_THAT(said_of_step([&](const RunSetup& setup) { setup.average({gradient}); }),
               Contains("does not take its share of the batch"));
  REQUIRE_THAT(said_of_step([](const RunSetup& setup) { setup.batch(1); }),
               Contains("does not average its gradients over ranks"));
  REQUIRE_THAT(said_of_step([](const RunSetup& setup) { setup.draws(Stream::noise); }),
               Contains("draws random numbers of its own for each sample"));
  REQUIRE(said_of_step([&](const RunSetup& setup) {
            setup.draws_alike(Stream::noise);
            setup.draws(Stream::weights);
            setup.batch(1);
            setup.average({gradient});
          }) == "");
}
