// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the recorder noted of the random numbers of one process of a script (observed.json beside its trace):
// who seeded each generator, whether it was drawn from, what forked children drew, and the order of the
// samples of each epoch. Runs of before there were such notes have none.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace reprise {

// One call that seeds a generator, however often it was made.
struct SeedCall {
  std::string call;          // "torch.manual_seed"; "" where it is not known
  std::string kind;          // "number", "entropy" (the operating system's), "state" (one that was kept)
  std::string value;         // of the first such call; "" where it cannot be told
  std::string place;         // in the script, "train.py:4"
  std::string through = {};  // in a library, "transformers/trainer_utils.py:92"; "" where the script calls
  std::int64_t row = 0;      // of the trace, to which the first such call belongs
  bool same = true;          // every such call gave the same value
};

struct GeneratorSeen {
  std::string name;  // "torch.cpu", "torch.cuda", "numpy.random", "python.random"
  bool drawn = false;
  std::optional<std::int64_t> drawn_by = {};         // the row by which it was first drawn from
  std::optional<bool> drawn_before_seeding = false;  // nothing: not known
  std::vector<SeedCall> seedings = {};
};

// A generator in a forked child.
struct ChildDraw {
  std::string name;
  bool drawn = false;
  bool inherited = false;  // from the state that its parent was in
  std::string from = {};   // digest of the state from which it drew
};

struct ChildSeen {
  std::string name;                    // as multiprocessing calls it
  std::optional<std::int64_t> worker;  // its number among a DataLoader's
  std::string round = {};              // of a DataLoader's workers: which begin together
  bool ended = false;                  // it spoke at its end, and not only before
  std::vector<ChildDraw> generators = {};
  std::vector<ChildDraw> own = {};  // those that its dataset keeps: "dataset.rng"
};

struct EpochSeen {
  std::int64_t loader = 0, dataset = 0;
  std::string sampler;
  std::optional<bool> shuffles;        // nothing: a class of the script's own
  std::optional<std::int64_t> number;  // the sampler's own, as set_epoch() sets it
  std::string place;
  std::string order;         // digest of the samples' order; "" where it is not known
  std::int64_t samples = 0;  // that it holds
  bool whole = false;        // its sampler came to its end
  std::int64_t batches = 0;
  struct Rows {  // `count` rows, from `first` on, of which its batch is the `number`-th
    std::int64_t first = 0, number = 0, count = 0;
  };
  std::optional<std::vector<Rows>> rows;  // nothing: too many
};

struct RandomSeen {
  bool imposed = true;  // reprise seeded first
  std::vector<GeneratorSeen> generators;
  std::vector<SeedCall> unseeded;  // generators of the script's own that were made without a seed
  std::int64_t forks = 0;
  std::vector<ChildSeen> children;
  std::vector<EpochSeen> epochs;
};

// `process`: the folder of its trace. Nothing where nothing was noted, or what is there cannot be read.
std::optional<RandomSeen> random_seen(const std::filesystem::path& process);

}  // namespace reprise
