// SPDX-License-Identifier: Apache-2.0
#include "harness/cluster/batch.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/toml.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view digest_key = "sha256 = ";

fs::path plan_file(const fs::path& folder, std::size_t index) {
  return folder / "plans" / fmt::format("{}.toml", index);
}

fs::path order_file(const fs::path& folder, std::size_t index) {
  return folder / "plans" / fmt::format("{}.order.txt", index);
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

Leg read_leg(TomlTable& table, const fs::path& folder, std::size_t index) {
  Leg leg;
  leg.name = table.text("name");
  leg.repeat = static_cast<int>(table.integer("repeat"));
  leg.start = table.text_or("start", "");
  const std::string wanted = table.text("plan");
  table.finish();
  const fs::path file = plan_file(folder, index);
  leg.plan = plan_from_toml(read_file(file, "plan"), file.string());
  take_order(leg.plan, order_file(folder, index));
  if (const std::string found = plan_id(leg.plan); found != wanted)
    fail("{} was changed: wanted plan {}, found {}; make the batch again", file.string(), wanted, found);
  return leg;
}

// Of everything before the line that says it, so that a file cut short or edited shows.
std::string signed_text(const std::string& text) {
  return text + std::string(digest_key) + quoted_text(sha256_text(text)) + "\n";
}

LegResult result_from(const fs::path& file) {
  const std::string text = read_file(file, "result");
  const auto at = text.find(digest_key);
  if (at == std::string::npos || signed_text(text.substr(0, at)) != text)
    fail("the result {} was cut short or changed", file.string());
  auto root = TomlTable::parse(text, file.string());
  root.text("sha256");
  LegResult result;
  result.plan_id = root.text("plan");
  result.repeat = static_cast<int>(root.integer("repeat"));
  result.host = root.text("host");
  const auto names = root.texts("files"), digests = root.texts("digests");
  root.finish();
  if (names.size() != digests.size()) fail("the result {} has not one digest for each file", file.string());
  for (std::size_t i = 0; i < names.size(); ++i) result.files.emplace_back(names[i], digests[i]);
  return result;
}

}  // namespace

void write_batch(const fs::path& folder, const std::vector<Leg>& legs, const std::string& program) {
  make_folder(folder / "plans");
  std::string text = fmt::format("# reprise batch\nprogram = {}\n", quoted_text(program));
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const Leg& leg = legs[i];
    write_atomically(plan_file(folder, i), to_toml(leg.plan));
    if (leg.plan.order) write_atomically(order_file(folder, i), *leg.plan.order->text);
    text += fmt::format("\n[[leg]]\nname = {}\nplan = {}\nrepeat = {}\n", quoted_text(leg.name),
                        quoted_text(plan_id(leg.plan)), leg.repeat);
    if (!leg.start.empty())
      text += fmt::format("start = {}\n", quoted_text(fs::absolute(leg.start).string()));
  }
  write_atomically(folder / "batch.toml", text);
}

BatchList read_batch(const fs::path& folder) {
  const fs::path file = folder / "batch.toml";
  auto root = TomlTable::parse(read_file(file, "batch"), file.string());
  BatchList list;
  list.program = root.text("program");
  for (auto& table : root.tables("leg")) list.legs.push_back(read_leg(table, folder, list.legs.size()));
  root.finish();
  return list;
}

LegResult result_of(const fs::path& run, const std::string& plan_id, int repeat) {
  LegResult result{plan_id, repeat, host_name()};
  for (const auto& entry : fs::recursive_directory_iterator(run))
    if (entry.is_regular_file() && !entry.is_symlink())
      result.files.emplace_back(entry.path().lexically_relative(run).generic_string(),
                                sha256_file(entry.path()));
  std::ranges::sort(result.files);
  return result;
}

void write_result(const LegResult& result, const fs::path& file) {
  std::vector<std::string> names, digests;
  for (const auto& [name, digest] : result.files) {
    names.push_back(name);
    digests.push_back(digest);
  }
  make_folder(file.parent_path());
  write_atomically(
      file, signed_text(fmt::format("# reprise result\nplan = {}\nrepeat = {}\nhost = {}\nfiles = {}\n"
                                    "digests = {}\n",
                                    quoted_text(result.plan_id), result.repeat, quoted_text(result.host),
                                    quoted_texts(names), quoted_texts(digests))));
}

std::string wrong_result(const fs::path& file, const fs::path& run, const std::string& plan_id, int repeat) {
  if (!fs::exists(file)) return "it left no result";
  try {
    const LegResult result = result_from(file);
    if (result.plan_id != plan_id || result.repeat != repeat)
      return fmt::format("its result {} is of another run", file.string());
    for (const auto& [name, digest] : result.files)
      if (!fs::is_regular_file(run / name) || sha256_file(run / name) != digest)
        return fmt::format("{} is not the file that its result names", (run / name).string());
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace reprise
