// SPDX-License-Identifier: Apache-2.0
// reprise bundle: what another machine needs beside its own torch, in one file.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/bundle/bundle.h"
#include "harness/commands/command.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
  std::string output;
  bool json = false, recorder = false;
};

// What can be refused is refused before anything is gathered.
fs::path checked_output(const std::string& text) {
  const fs::path output = text;
  std::error_code ignored;
  if (fs::is_directory(output, ignored))
    fail("wanted a file for the bundle, found a folder: {}; name a file in it, as in {}", text,
         (output / "reprise.tar.zst").string());
  if (!text.ends_with(".tar.zst"))
    fail(
        "wanted a name that ends in .tar.zst for the bundle, found '{}'; a bundle is a tar archive "
        "compressed "
        "by Zstandard",
        text);
  const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored))
    fail("there is no folder {} to write the bundle to; make it, or name another", folder.string());
  return output;
}

Json described(const Options& options, const Bundle& bundle, const std::string& archive) {
  std::size_t unpacked = 0;
  for (const auto& file : bundle.files) unpacked += file.content.size();
  return {{"schema", "reprise.bundle/1"},   {"file", options.output},         {"bytes", archive.size()},
          {"sha256", sha256_text(archive)}, {"folder", bundle.name},          {"files", bundle.files.size()},
          {"unpacked_bytes", unpacked},     {"torch", bundle.torch},          {"glibc", bundle.glibc},
          {"libstdcxx", bundle.libstdcxx},  {"libraries", bundle.libraries},  {"cuda", bundle.cuda},
          {"recorder", bundle.recorder},    {"unlicensed", bundle.unlicensed}};
}

void print(const Json& made) {
  const auto megabytes = [&](const char* key) { return made[key].get<double>() / 1e6; };
  const auto text = [&](const char* key) { return made[key].get<std::string>(); };
  fmt::print("{}\n", text("file"));
  fmt::print("  size       {:.1f} MB, {:.1f} MB unpacked, {} files below {}/\n", megabytes("bytes"),
             megabytes("unpacked_bytes"), made["files"].get<std::size_t>(), text("folder"));
  fmt::print("  sha256     {}\n", text("sha256"));
  fmt::print("  needs      torch {}, glibc {} or newer, libstdc++ with GLIBCXX_{} or newer\n", text("torch"),
             text("glibc"), text("libstdcxx"));
  fmt::print("  libraries  {}\n", join(made["libraries"].get<std::vector<std::string>>(), " "));
  fmt::print("  GPU        {}\n", made["cuda"].get<bool>()
                                      ? "libreprise_cuda.so is in it"
                                      : "left out: this build has no lib/libreprise_cuda.so");
  fmt::print("  scripts    {}\n", text("recorder").empty()
                                      ? "left out: --with-recorder adds what watches them"
                                      : "watched where their Python has torch " + text("recorder"));
  for (const auto& name : made["unlicensed"])
    fmt::print("  licence    none was found on this machine for {}; add it before you hand the bundle on\n",
               name.get<std::string>());
  fmt::print("There:  tar --zstd -xf FILE && {}/bin/reprise run waves --torch .../site-packages/torch\n",
             text("folder"));
}

int make_bundle(const Options& options) {
  const fs::path output = checked_output(options.output);
  const Bundle bundle = gather_bundle(program_folder().parent_path(), options.recorder,
                                      [](const std::string& news) { fmt::print(stderr, "{}\n", news); });
  const std::string archive = compressed(tar_of(bundle.files));
  write_atomically(output, archive);
  const Json made = described(options, bundle, archive);
  if (options.json)
    std::cout << made.dump(1) << '\n';
  else
    print(made);
  return 0;
}

}  // namespace

extern const Command bundle{
    .summary = "Pack what another machine needs to run native recipes, beside its own torch",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option("output", options->output, "The archive to write: NAME.tar.zst")->required();
      app.add_flag("--with-recorder", options->recorder,
                   "Add what watches scripts and programs, built for this build's own torch");
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Programs, the shared libraries they use, recipes and licences; no torch, no data. The folder can\n"
          "lie anywhere on the other machine. The same build gives the same bytes. See "
          "docs/many-machines.md.\n"
          "Example:  reprise bundle reprise.tar.zst");
      return [options] { return make_bundle(*options); };
    },
};

}  // namespace reprise::verbs
