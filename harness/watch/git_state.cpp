// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/git_state.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/program_search.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/watch/quiet_run.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;
using Variables = std::map<std::string, std::string>;

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Facts git_facts(const fs::path& folder, const Variables& environment) {
  const auto places = environment.find("PATH");
  if (places == environment.end() || !fs::is_directory(folder)) return {};
  const auto git = find_program("git", places->second);
  if (!git) return {};
  Variables variables = environment;
  variables.insert_or_assign("GIT_OPTIONAL_LOCKS", std::string("0"));  // or `status` would write the index
  const auto ask = [&](std::vector<std::string> words) {
    words.insert(words.begin(), git->string());
    return run_quietly(words, variables, folder);
  };
  const Said commit = ask({"rev-parse", "HEAD"});
  if (!commit.well || !is_commit(trim(commit.text))) return {};
  Facts facts{{"git.commit", std::string(trim(commit.text))}};
  const Said status = ask({"status", "--porcelain", "--untracked-files=no"});
  if (!status.well) return facts;
  const auto changed = std::ranges::count(status.text, '\n');
  facts["git.changed"] = changed == 0 ? "no" : fmt::format("{} file{}", changed, changed == 1 ? "" : "s");
  if (changed == 0) return facts;
  const Said changes = ask({"diff", "HEAD", "--no-ext-diff", "--no-color", "--binary"});
  if (changes.well) facts["git.changes.sha256"] = sha256_text(changes.text);
  return facts;
}

}  // namespace reprise
