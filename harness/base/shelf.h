// SPDX-License-Identifier: Apache-2.0
#pragma once
// A shelf is a folder of like things (axes, formats, commands, native recipes) seen from the program: a table
// that the build writes from the names of the folder's files, sorted by name.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

template <class T>
struct Entry {
  std::string_view name;  // the file's name, with '-' for '_'
  const T* item;
};

template <class T>
using Shelf = std::span<const Entry<T>>;

// The names on a shelf, in its order.
template <class T>
std::vector<std::string> names_of(Shelf<T> shelf) {
  std::vector<std::string> names;
  for (const auto& entry : shelf) names.emplace_back(entry.name);
  return names;
}

// The thing of that name; an unknown name is an Error that suggests the nearest one. `kind` is a word for
// people, such as "axis".
template <class T>
const T& pick(Shelf<T> shelf, std::string_view name, std::string_view kind) {
  for (const auto& entry : shelf)
    if (entry.name == name) return *entry.item;
  fail("{}", unknown_name(kind, name, names_of(shelf)));
}

}  // namespace reprise
