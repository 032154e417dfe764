// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/recorder.h"

#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/program_search.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/watch/compiler_complaint.h"
#include "harness/watch/observed_torch.h"
#include "harness/watch/quiet_run.h"
#include "harness/watch/recorder_kit.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;
using Variables = std::map<std::string, std::string>;

RecorderKit read_kit() { return read_recorder_kit(program_folder().parent_path()); }

// Where no home can be written to: a folder that is this user's alone, since what lies there is loaded.
fs::path own_temporary_folder() {
  const fs::path folder = fs::temp_directory_path() / fmt::format("reprise-{}", ::getuid());
  ::mkdir(folder.c_str(), 0700);
  struct ::stat found {};
  if (::lstat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != ::getuid() ||
      (found.st_mode & 077) != 0)
    fail("wanted a folder of your own to keep the recorder in, but {} is none; set XDG_CACHE_HOME",
         folder.string());
  return folder;
}

fs::path recorder_folder() {
  const fs::path cache = cache_folder();
  std::error_code refused;
  if (!cache.empty()) fs::create_directories(cache / "recorder", refused);
  if (!cache.empty() && !refused && ::access((cache / "recorder").c_str(), W_OK) == 0)
    return cache / "recorder";
  return own_temporary_folder() / "recorder";
}

// The include folder of a wheel also carries other libraries' headers, in other versions than ours: a folder
// of links shows torch's own alone.
fs::path make_view(const fs::path& include, const fs::path& folder) {
  const fs::path view = folder / "include";
  make_folder(view);
  for (const char* part : {"ATen", "c10", "caffe2", "torch"}) {
    std::error_code ignored;
    fs::remove(view / part, ignored);
    fs::create_directory_symlink(include / part, view / part);
  }
  return view;
}

std::vector<std::string> compile_words(const RecorderKit& kit, const ObservedTorch& torch,
                                       const fs::path& view, const fs::path& source, const fs::path& object) {
  std::vector<std::string> words{kit.compiler};
  words.insert(words.end(), kit.options.begin(), kit.options.end());
  words.push_back("-D_GLIBCXX_USE_CXX11_ABI=" + torch.abi);
  words.push_back("-DREPRISE_TORCH=\"" + torch.version + "\"");
  // What these libraries hold compiled has the newer ABI.
  if (torch.abi != "1") words.insert(words.end(), {"-DFMT_HEADER_ONLY=1", "-DTOML_IMPLEMENTATION=1"});
  words.push_back("-I" + kit.source.string());
  const fs::path more = torch.folder / "include/torch/csrc/api/include";
  for (const auto& include : {view.string(), more.string()}) words.insert(words.end(), {"-isystem", include});
  for (const auto& include : kit.includes)
    if (include != "/usr/include") words.insert(words.end(), {"-isystem", include});
  words.insert(words.end(), {"-c", source.string(), "-o", object.string()});
  return words;
}

// -z now: a missing symbol must be found at once, not in the middle of a training.
std::vector<std::string> link_words(const RecorderKit& kit, const ObservedTorch& torch,
                                    const std::vector<std::string>& objects, const fs::path& library,
                                    const std::vector<std::string>& more) {
  std::vector<std::string> words{kit.compiler, "-shared", "-o", library.string()};
  words.insert(words.end(), more.begin(), more.end());
  // DT_RPATH, which what these libraries need in turn is looked for in too.
  for (const auto& folder : library_folders(kit))
    words.insert(words.end(), {"-Wl,--disable-new-dtags", "-Wl,-rpath," + folder});
  words.insert(words.end(), objects.begin(), objects.end());
  if (torch.abi == "1") words.insert(words.end(), kit.archives.begin(), kit.archives.end());
  for (const auto& library_file : kit.libraries) {
    // Compiled in from their headers: these two speak the newer C++ ABI.
    const bool newer = library_file.find("libfmt") != std::string::npos ||
                       library_file.find("libtomlplusplus") != std::string::npos;
    if (torch.abi == "1" || !newer) words.push_back(library_file);
  }
  const fs::path lib = torch.folder / "lib";
  words.insert(words.end(),
               {(lib / "libtorch_cpu.so").string(), (lib / "libc10.so").string(), "-ldl", "-lm", "-Wl,-z,now",
                "-Wl,--version-script=" + (kit.source / "harness/recorder/exports.map").string(),
                "-Wl,--unresolved-symbols=ignore-in-shared-libs"});
  return words;
}

std::vector<fs::path> sources_in(const RecorderKit& kit, const std::string& room) {
  std::vector<fs::path> sources;
  for (const auto& file : list_folder(kit.source / room))
    if (file.extension() == ".cpp") sources.push_back(file);
  return sources;
}

// All that has LibTorch in it, as one source: its headers are read once, not once per file.
fs::path whole_of(const RecorderKit& kit, const fs::path& folder) {
  std::string text;
  for (const auto& room : kit.torch_rooms)
    for (const auto& file : sources_in(kit, room))
      text += fmt::format("#include \"{}\"\n", fs::relative(file, kit.source).string());
  const fs::path whole = folder / "whole.cpp";
  write_atomically(whole, text);
  return whole;
}

// What goes into a recorder: for a torch with the older C++ ABI all that has no LibTorch in it too, since our
// archives have the newer one.
std::vector<fs::path> sources_of(const RecorderKit& kit, const ObservedTorch& torch, const fs::path& folder) {
  std::vector<fs::path> sources{whole_of(kit, folder)};
  if (torch.abi == "1") return sources;
  for (const auto& room : kit.rooms)
    for (const auto& file : sources_in(kit, room)) sources.push_back(file);
  sources.insert(sources.end(), kit.generated.begin(), kit.generated.end());
  sources.push_back(kit.source / "harness/tensor/xxh3/plain.cpp");
  return sources;
}

void must_work(const Said& said, const ObservedTorch& torch, std::string_view what) {
  if (!said.well)
    fail("wanted to build a recorder for torch {} in {}, but {}: {}", torch.version, torch.folder.string(),
         what, compiler_complaint(said));
}

void build_in(const fs::path& folder, const RecorderKit& kit, const ObservedTorch& torch,
              const Variables& environment, const std::vector<std::string>& more) {
  const fs::path view = make_view(torch.folder / "include", folder);
  std::vector<std::string> objects;
  for (const auto& source : sources_of(kit, torch, folder)) {
    objects.push_back((folder / fmt::format("{}.o", objects.size())).string());
    must_work(run_quietly(compile_words(kit, torch, view, source, objects.back()), environment, folder),
              torch, "it does not compile");
  }
  must_work(run_quietly(link_words(kit, torch, objects, folder / "recorder.so", more), environment, folder),
            torch, "it does not link");
}

// A kit that was installed names a compiler as a shell would look for it.
RecorderKit with_compiler(const RecorderKit& kit, const ObservedTorch& torch, const Variables& environment) {
  RecorderKit found = kit;
  const auto path = environment.find("PATH");
  if (kit.compiler.find('/') == std::string::npos)
    for (const std::string& name : {kit.compiler, std::string("g++")})
      if (const auto program = find_program(name, path == environment.end() ? "" : path->second)) {
        found.compiler = program->string();
        break;
      }
  if (found.compiler.find('/') == std::string::npos || !can_be_started(found.compiler))
    fail("wanted the C++ compiler {} to build a recorder for torch {}, found none; install g++", kit.compiler,
         torch.version);
  return found;
}

void build(const RecorderKit& kit, const ObservedTorch& torch, const Variables& environment,
           const fs::path& library, const std::vector<std::string>& more) {
  if (!fs::exists(torch.folder / "include/ATen/Context.h"))
    fail(
        "wanted the headers of torch {} to build a recorder, found none in {}; a torch installed by pip has "
        "them",
        torch.version, (torch.folder / "include").string());
  const fs::path folder = library.string() + fmt::format(".{}.partial", ::getpid());
  const RecorderKit ready = with_compiler(kit, torch, environment);
  make_folder(folder);
  try {
    build_in(folder, ready, torch, environment, more);
    fs::rename(folder / "recorder.so", library);
  } catch (...) {
    fs::remove_all(folder);
    throw;
  }
  fs::remove_all(folder);
}

// Kept under a name that says all that it depends on; built if it is not there.
fs::path built_recorder(const ObservedTorch& torch, const Variables& environment,
                        const std::function<void(const std::string&)>& tell,
                        const std::vector<std::string>& more = {}, const std::string& kind = "") {
  const RecorderKit kit = read_kit();
  const fs::path cache = recorder_folder();
  const fs::path library =
      cache /
      fmt::format("{}torch-{}-abi{}-{}.so", kind, torch.version, torch.abi,
                  sha256_text(digest_of(kit) + torch.folder.string() + join(more, " ")).substr(0, 12));
  if (fs::exists(library)) return library;
  make_folder(cache);
  tell(fmt::format("building the recorder for torch {}: about {}, once", torch.version,
                   torch.abi == "1" ? "15 s" : "3 minutes"));
  build(kit, torch, environment, library, more);
  return library;
}

std::string carried_name(const ObservedTorch& torch) {
  return fmt::format("torch-{}-abi{}.so", torch.version, torch.abi);
}

fs::path shared_folder() { return (program_folder() / "../share/reprise").lexically_normal(); }

Recorder recorder_at(const fs::path& library, const fs::path& site, const ObservedTorch& torch) {
  return {library, site, shared_folder() / "recorder/reprise-preload.so", torch.version, torch.folder};
}

// A bundle's own, if this is one that has it.
std::optional<Recorder> carried_recorder(const ObservedTorch& torch) {
  const fs::path folder = shared_folder() / carried_recorders;
  if (!fs::is_directory(folder)) return std::nullopt;
  const fs::path library = folder / carried_name(torch);
  if (!fs::exists(library))
    fail(
        "wanted the torch that this bundle's recorder was built for ({}), found torch {} in {}; take a "
        "Python "
        "with that torch, or build reprise from its sources on this machine",
        list_folder(folder).empty() ? "none" : list_folder(folder).front().stem().string(), torch.version,
        torch.folder.string());
  return recorder_at(library, shared_folder() / "recorder/site", torch);
}

Recorder recorder_of(const ObservedTorch& torch, const Variables& environment,
                     const std::function<void(const std::string&)>& tell) {
  if (const auto carried = carried_recorder(torch)) return *carried;
  if (is_newer_than_known(torch))
    tell(fmt::format(
        "torch {} is newer than what the recorder is known to work with (2.6 to 2.15): it is tried, "
        "and tests itself first",
        torch.version));
  return recorder_at(built_recorder(torch, environment, tell), recorder_sources() / "site", torch);
}

}  // namespace

std::optional<Recorder> recorder_for(const fs::path& python, const Variables& environment,
                                     const fs::path& folder,
                                     const std::function<void(const std::string&)>& tell) {
  const auto torch = torch_of(python, environment, folder);
  return torch ? std::optional(recorder_of(*torch, environment, tell)) : std::nullopt;
}

Recorder recorder_for_libtorch(const fs::path& torch, const Variables& environment,
                               const std::function<void(const std::string&)>& tell) {
  return recorder_of(torch_in(torch), environment, tell);
}

CarriedRecorder recorder_to_carry(const fs::path& torch,
                                  const std::function<void(const std::string&)>& tell) {
  const ObservedTorch found = torch_in(torch);
  if (found.abi != "1")
    fail(
        "wanted a torch of the newer C++ ABI for the bundle's recorder, found torch {} of the older one; "
        "leave "
        "--with-recorder out, or build with another torch",
        found.version);
  // From share/reprise/recorder/carried; not DT_RUNPATH, which the libraries' own needs do not inherit.
  const fs::path file =
      built_recorder(found, {{"PATH", environment_text("PATH")}}, tell,
                     {"-Wl,--disable-new-dtags", "-Wl,-rpath,$ORIGIN/../../../../lib"}, "carried-");
  return {file, carried_name(found), found.version};
}

fs::path recorder_sources() { return read_kit().source / "harness/recorder"; }

fs::path probing_script() {
  const fs::path carried = shared_folder() / "recorder/probing/call.py";
  return fs::exists(carried) ? carried : recorder_sources() / "probing/call.py";
}

}  // namespace reprise
