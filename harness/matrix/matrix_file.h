// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file that names several matrices, for `reprise matrix FILE.toml` and for nights (docs/nightly.md). It is
// read and checked whole before anything runs: recipes, axes, settings, formats. It says what it is in its
// first key, format = "reprise.matrices/1", which no recipe has.
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/matrix/matrix.h"

namespace reprise {

inline constexpr std::string_view matrices_format = "reprise.matrices/1";

// Which classes that part a matrix bisects: none, the first pair, up to three, each.
enum class Bisecting { off, first, few, all };
std::span<const Word<Bisecting>> words_of(Bisecting how);

// The metric of a script, as the options of `reprise matrix` say it; a recipe has its own.
struct ScriptMetric {
  std::string metric;  // "val=val loss ([0-9.]+)", or a name alone
  std::string file, key, take = "last", better, unit;
  std::optional<double> margin;
};

// One recipe or script under several configurations.
struct MatrixEntry {
  std::string name;                         // unique in the file, fit for a folder: "waves", "threads-lenet"
  std::string where;                        // the file: "recipes/matrices/nightly.toml"
  std::string recipe;                       // as typed; "" for a script
  std::vector<std::string> words;           // of a script's command
  std::vector<std::string> axes, set, pin;  // as typed behind --axis, --set and --pin
  Design design = Design::one;
  std::chrono::seconds budget{0}, time_limit{0};  // of all its runs, of one; zero: none
  std::vector<std::string> formats;
  Bisecting bisect = Bisecting::off;
  std::string fresh;  // "", "yes", "copy", "copy-any"
  std::optional<ScriptMetric> metric;
};

struct MatrixFile {
  std::filesystem::path path;
  std::chrono::seconds budget{0};  // of all of them together; zero: none
  std::vector<MatrixEntry> entries;
};

// What is known above this room: names, and whether a script's metric says enough (an Error where it does
// not).
struct MatrixFileWords {
  std::vector<std::string> formats, executors, takes = {};
  std::function<void(const ScriptMetric&)> check_metric = {};
};

// Whether the file is meant as one: it has the key `format` or a table `matrix`. False for a recipe, for what
// is no file, and for what is no TOML.
bool is_matrix_file(const std::filesystem::path& path);

// An Error with file and line for whatever cannot be run as it stands; nothing has run then.
MatrixFile read_matrix_file(const std::filesystem::path& path, const MatrixFileWords& known);

// "90s", "10m", "2h", "1d": an Error for any other text.
std::chrono::seconds duration_from(std::string_view text, std::string_view what);
// "1 h 30 min": for people.
std::string duration_words(std::chrono::seconds time);

}  // namespace reprise
