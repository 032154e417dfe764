// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/hdf5_walk.h"

#include <algorithm>
#include <set>

#include "harness/tensor/broken.h"

namespace reprise {
namespace {

constexpr std::size_t longest_path = 4096, most_objects = 1'000'000;

struct Entry {
  std::string name;
  H5L_type_t kind;
};

// Called by the C library, through which nothing may be thrown.
herr_t note(hid_t, const char* name, const H5L_info_t* about, void* out) noexcept {
  try {
    auto& entries = *static_cast<std::vector<Entry>*>(out);
    if (entries.size() >= most_objects) return -1;
    entries.push_back({name, about->type});
    return 0;
  } catch (...) {
    return -1;
  }
}

std::vector<Entry> entries_of(hid_t group, const std::string& path) {
  std::vector<Entry> entries;
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, note, &entries) < 0)
    broken("its group '/{}' cannot be read", shown(path));
  std::ranges::sort(entries, {}, &Entry::name);
  return entries;
}

class Traversal {
 public:
  Traversal(hid_t file, const Hdf5Walk& walk) : file_(file), walk_(walk) {}

  void run() {
    groups_.push_back({});
    while (!groups_.empty()) {
      const std::string path = std::move(groups_.back());
      groups_.pop_back();
      visit_group(path);
    }
  }

 private:
  void visit_group(const std::string& path) {
    const h5::Id group(H5Gopen2(file_, path.empty() ? "/" : path.c_str(), H5P_DEFAULT));
    H5O_info_t about;
    if (group < 0 || H5Oget_info2(group, &about, H5O_INFO_BASIC) < 0)
      broken("its group '/{}' cannot be read", shown(path));
    if (!seen_.insert(about.addr).second) return walk_.other(path, "a second name of a group");
    for (const Entry& entry : entries_of(group, path))
      visit(group, path.empty() ? entry.name : path + "/" + entry.name, entry);
  }

  void visit(hid_t group, const std::string& path, const Entry& entry) {
    if (++objects_ > most_objects) broken("it has more than {} objects", most_objects);
    if (path.size() > longest_path)
      broken("a name in it is longer than {} bytes: '{}'", longest_path, shown(path));
    if (entry.kind != H5L_TYPE_HARD) return walk_.other(path, "a link to another name or file");
    h5::Id object(H5Oopen(group, entry.name.c_str(), H5P_DEFAULT));
    if (object < 0) broken("its object '/{}' cannot be read", shown(path));
    const auto kind = H5Iget_type(object);
    if (kind == H5I_GROUP)
      groups_.push_back(path);
    else if (kind == H5I_DATASET)
      walk_.dataset(path, std::move(object));
    else
      walk_.other(path, "a named HDF5 type");
  }

  hid_t file_;
  const Hdf5Walk& walk_;
  std::vector<std::string> groups_;
  std::set<haddr_t> seen_;
  std::size_t objects_ = 0;
};

}  // namespace

void walk_hdf5(hid_t file, const Hdf5Walk& walk) { Traversal(file, walk).run(); }

}  // namespace reprise
