// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/doctor/script_facts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/watch/quiet_run.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// The working folder and the script's own are taken off the path, so that none of its files is run.
constexpr const char* question = R"py(
import ast, importlib, importlib.metadata, json, os, platform, sys, warnings
warnings.simplefilter("ignore")
script = sys.argv[1]
own = {os.path.realpath(os.getcwd()), os.path.realpath(os.path.dirname(os.path.abspath(script)))}
sys.path[:] = [p for p in sys.path if os.path.realpath(p or os.getcwd()) not in own]
answer = {"version": platform.python_version(), "packages": {}, "failed": {}, "libraries": [], "numpy": ""}
names = []
try:
    tree = ast.parse(open(script, "rb").read(), script)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.append(node.module.split(".")[0])
except (SyntaxError, ValueError) as error:
    answer["unreadable"] = str(error)
def is_own(name):
    return any(os.path.exists(os.path.join(folder, name + end)) for folder in own for end in ("", ".py"))
for name in dict.fromkeys(names):
    if name in sys.stdlib_module_names or is_own(name):
        continue
    try:
        importlib.import_module(name)
    except BaseException as error:
        answer["failed"][name] = (type(error).__name__ + ": " + str(error)).splitlines()[0][:200]
        continue
    try:
        answer["packages"][name] = importlib.metadata.version(name)
    except Exception:
        answer["packages"][name] = str(getattr(sys.modules[name], "__version__", "unknown"))
if "numpy" in sys.modules:
    try:
        blas = sys.modules["numpy"].show_config(mode="dicts")["Build Dependencies"]["blas"]
        answer["numpy"] = blas.get("name", "") + " " + blas.get("version", "")
    except Exception:
        pass
try:
    for line in open("/proc/self/maps"):
        at = line.find("/")
        if at >= 0:
            answer["libraries"].append(line[at:].strip())
except OSError:
    pass
answer["libraries"] = sorted(set(answer["libraries"]))
print("\nreprise:" + json.dumps(answer))
)py";

bool begins_with_any(std::string_view name, std::initializer_list<std::string_view> begins) {
  return std::ranges::any_of(begins, [name](std::string_view one) { return name.starts_with(one); });
}

// Two files of one name are two runtimes: a path tells them apart.
void add_libraries(const std::set<std::string>& paths, Facts& facts) {
  std::vector<std::string> openmp, blas;
  for (const auto& path : paths) {
    const std::string name = fs::path(path).filename().string();
    if (begins_with_any(name, {"libgomp", "libiomp", "libomp"})) openmp.push_back(name);
    if (name.find("openblas") != std::string::npos ||
        begins_with_any(name, {"libmkl_rt", "libmkl_core", "libblis", "libblas", "libcblas", "libatlas"}))
      blas.push_back(name);
  }
  if (!openmp.empty()) facts["script.openmp"] = join(openmp, " ");
  if (!blas.empty()) facts["script.blas"] = join(blas, " ");
}

}  // namespace

Facts facts_of_answer(const std::string& text, const fs::path& python) {
  const auto at = text.rfind("\nreprise:");
  const auto answer =
      at == std::string::npos ? nlohmann::json() : nlohmann::json::parse(text.substr(at + 9), nullptr, false);
  if (!answer.is_object())
    fail("wanted a Python that can be asked what a script imports, but {} says: {}", python.string(),
         trim(std::string_view(text).substr(0, 300)));
  if (answer.contains("unreadable"))
    fail("the script cannot be read by {}: {}", python.string(), answer["unreadable"].get<std::string>());
  Facts facts;
  facts["python.version"] = answer.at("version").get<std::string>();
  for (const auto& [name, version] : answer.at("packages").items())
    facts["package." + name] = version.get<std::string>();
  for (const auto& [name, why] : answer.at("failed").items())
    facts["script.failed." + name] = why.get<std::string>();
  if (const auto numpy = answer.at("numpy").get<std::string>(); !numpy.empty())
    facts["script.numpy.blas"] = numpy;
  add_libraries(answer.at("libraries").get<std::set<std::string>>(), facts);
  return facts;
}

Facts script_facts(const AskedScript& asked) {
  const Said said = run_quietly({asked.python.string(), "-c", question, asked.script.string()},
                                asked.environment, asked.folder);
  return facts_of_answer(said.well ? said.text : said.text.substr(0, 300), asked.python);
}

fs::path script_among(const std::vector<std::string>& words, const fs::path& folder) {
  for (const auto& word : words)
    if (word.ends_with(".py") && fs::is_regular_file(folder / word)) return folder / word;
  return {};
}

}  // namespace reprise
