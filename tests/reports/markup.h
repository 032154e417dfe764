// SPDX-License-Identifier: Apache-2.0
#pragma once
// A small reader of HTML and XML, enough to say whether tags balance and what elements there are.
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::vector<std::size_t> children;  // places in Markup::elements
  std::string text;                   // between the tags, without the children's
};

struct Markup {
  std::vector<Element> elements;  // in the order of their opening tags
  std::string fault;              // the first thing that is wrong, or ""
  std::vector<const Element*> named(std::string_view name) const;
};

Markup read_markup(std::string_view text);

}  // namespace reprise
