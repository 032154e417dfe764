// SPDX-License-Identifier: Apache-2.0
// reprise release: evidence to hand out, in one folder, signed.
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/signing/key_options.h"
#include "harness/signing/releasing.h"

namespace reprise::verbs {
namespace {

struct Options {
  ReleaseChoices release;
  KeyPlace key;
  std::string folder;
  bool json = false;
};

std::string today() {
  const std::chrono::year_month_day date(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

void check_date(const std::string& date) {
  const auto parts = split(date, '-');
  const auto number = [&](std::size_t i) { return to_integer(parts[i]).value_or(-1); };
  if (date.size() == 10 && parts.size() == 3 && parts[0].size() == 4 && parts[1].size() == 2 &&
      std::chrono::year_month_day(std::chrono::year(static_cast<int>(number(0))),
                                  std::chrono::month(static_cast<unsigned>(number(1))),
                                  std::chrono::day(static_cast<unsigned>(number(2))))
          .ok())
    return;
  fail("wanted a day such as 2026-11-28 for --date, found '{}'", date);
}

void print(const Released& made, const std::string& folder, bool json) {
  if (json) {
    const nlohmann::ordered_json all = {
        {"schema", "reprise.release/1"},  {"folder", folder},  {"result", made.result},
        {"headline", made.headline},      {"runs", made.runs}, {"bytes", made.bytes},
        {"trace_bytes", made.trace_bytes}};
    fmt::print("{}\n", all.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  fmt::print("{}\n", folder);
  fmt::print("  result   {}: {}\n", made.result, made.headline);
  fmt::print("  size     {} bytes, of which {} bytes are traces of {} runs\n", made.bytes, made.trace_bytes,
             made.runs);
  fmt::print("  check    reprise verify {}/report.test-result.sigstore.json --key key.pub\n", folder);
  fmt::print("  read     {}/README.md\n", folder);
}

int release_it(Options options) {
  std::string folder = options.folder;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  options.release.folder = folder;
  if (options.release.date.empty()) options.release.date = today();
  check_date(options.release.date);
  if (const auto& license = options.release.license;
      !license.empty() && !license.starts_with("https://") && !license.starts_with("http://"))
    fail("wanted a URL for --license, such as https://spdx.org/licenses/CC-BY-4.0, found '{}'", license);
  const SigningKey key = signing_key(options.key);
  const Released made = make_release(options.release, key);
  print(made, folder, options.json);
  return 0;
}

}  // namespace

extern const Command release{
    .summary = "Make a folder of signed evidence to hand out",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option("output", options->folder, "The folder to make; there must be nothing in it")
          ->required();
      app.add_option("--runs", options->release.runs, "The folder of a matrix, or runs and traces")
          ->type_name("PATH...")
          ->required();
      add_key_options(app, options->key);
      app.add_flag("--with-checkpoints", options->release.with_checkpoints,
                   "Copy the checkpoints of the runs too; traces hold the digests of all tensors anyway");
      app.add_option("--with", options->release.more,
                     "Another file to sign with it, below more/: the report of a claim, a card")
          ->type_name("FILE")
          ->allow_extra_args(false);
      app.add_option("--license", options->release.license, "The license of the release, in its metadata")
          ->type_name("URL");
      app.add_option("--author", options->release.author, "Who makes the release, in its metadata")
          ->type_name("NAME");
      app.add_option("--date", options->release.date,
                     "The day of publication, in its metadata; by default today's, UTC")
          ->type_name("YYYY-MM-DD");
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Writes the report (HTML, JSON), traces, plans and logs of the runs, a signed statement of test\n"
          "results in a Sigstore bundle, the folder's OpenSSF model signature, a badge, metadata for "
          "Hugging\n"
          "Face and for Zenodo (RO-Crate), and a README.md that says how to check it with reprise, cosign,\n"
          "model_signing and openssl. The report is made of the copies alone. Logs, and the paths and facts\n"
          "that runs recorded, are published as they are: read them first. Exit code 0: made, whatever the\n"
          "report says; 2: trouble. See docs/attach-to-a-release.md.\n"
          "Example:  reprise release evidence --runs runs/matrix-1a2b3c4d5e6f --key key.pem");
      return [options] { return release_it(*options); };
    },
};

}  // namespace reprise::verbs
