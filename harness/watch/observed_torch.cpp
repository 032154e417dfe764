// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/observed_torch.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/watch/quiet_run.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

using Version = std::pair<std::int64_t, std::int64_t>;
constexpr Version oldest_torch{2, 6}, newest_torch{2, 15};  // with which the recorder was tried

// Asks a Python for its torch without importing it, which would take seconds.
constexpr const char* question = R"py(
import importlib.util, json, os, re
spec = importlib.util.find_spec("torch")
answer = {}
if spec is not None and spec.origin:
    folder = os.path.dirname(os.path.abspath(spec.origin))
    names = {}
    exec(open(os.path.join(folder, "version.py")).read(), names)
    answer = {"folder": folder, "version": str(names["__version__"]), "abi": "1"}
    flags = os.path.join(folder, "share", "cmake", "Torch", "TorchConfig.cmake")
    if os.path.exists(flags):
        found = re.search(r"_GLIBCXX_USE_CXX11_ABI=(\d)", open(flags).read())
        answer["abi"] = found.group(1) if found else "1"
print("reprise:" + json.dumps(answer))
)py";

std::string text_in(const fs::path& file) {
  return fs::is_regular_file(file) ? read_file(file, "part of torch") : std::string();
}

// What stands between the two after `name`; "" if it does not stand there.
std::string quoted_after(const std::string& text, std::string_view name, char quote) {
  const auto at = text.find(name);
  const auto begin = at == std::string::npos ? at : text.find(quote, at + name.size());
  const auto end = begin == std::string::npos ? begin : text.find(quote, begin + 1);
  return end == std::string::npos ? std::string() : text.substr(begin + 1, end - begin - 1);
}

// A wheel says its whole version in Python; LibTorch without Python in a header.
std::string version_in(const fs::path& torch) {
  std::string version = quoted_after(text_in(torch / "version.py"), "__version__ =", '\'');
  for (const char* header :
       {"include/torch/headeronly/version.h", "include/torch/csrc/api/include/torch/version.h"})
    if (version.empty()) version = quoted_after(text_in(torch / header), "#define TORCH_VERSION ", '"');
  if (version.empty())
    fail(
        "wanted the version of the LibTorch in {}, found neither version.py nor a version.h in it; a torch "
        "installed by pip has both",
        torch.string());
  return version;
}

std::string abi_in(const fs::path& torch) {
  const std::string flags = text_in(torch / "share/cmake/Torch/TorchConfig.cmake");
  return flags.find("_GLIBCXX_USE_CXX11_ABI=0") == std::string::npos ? "1" : "0";
}

// 2.11.0+cu130 -> 2, 11.
Version minor_version(const std::string& version) {
  const auto parts = split(version, '.');
  if (parts.size() < 2) return {0, 0};
  return {to_integer(parts[0]).value_or(0), to_integer(parts[1]).value_or(0)};
}

ObservedTorch not_too_old(const ObservedTorch& torch) {
  if (minor_version(torch.version) < oldest_torch)
    fail("wanted torch 2.6 or newer, found torch {} in {}; install a newer one", torch.version,
         torch.folder.string());
  return torch;
}

}  // namespace

std::optional<ObservedTorch> torch_of(const fs::path& python,
                                      const std::map<std::string, std::string>& environment,
                                      const fs::path& folder) {
  const Said said = run_quietly({python.string(), "-c", question}, environment, folder);
  const auto at = said.text.rfind("reprise:");
  if (!said.well || at == std::string::npos)
    fail("wanted a Python that can be asked for its torch, but {} says: {}", python.string(),
         trim(said.text.substr(0, 300)));
  const auto answer = nlohmann::json::parse(said.text.substr(at + 8));
  if (answer.empty()) return std::nullopt;
  return not_too_old({answer["folder"].get<std::string>(), answer["version"].get<std::string>(),
                      answer["abi"].get<std::string>()});
}

ObservedTorch torch_in(const fs::path& folder) {
  return not_too_old({folder, version_in(folder), abi_in(folder)});
}

std::string release_of(const std::string& version) { return version.substr(0, version.find('+')); }

bool is_newer_than_known(const ObservedTorch& torch) { return minor_version(torch.version) > newest_torch; }

}  // namespace reprise
