// SPDX-License-Identifier: Apache-2.0
#include "reports/markup.h"

#include <set>

namespace reprise {
namespace {

bool is_void(const std::string& name) {
  static const std::set<std::string> names = {"meta", "br", "hr", "img", "input", "link", "wbr"};
  return names.contains(name);
}

struct Reader {
  std::string_view text;
  Markup markup;
  std::vector<std::size_t> open;
  std::size_t at = 0;

  void fault(const std::string& what) {
    if (markup.fault.empty()) markup.fault = what + " near: " + std::string(text.substr(at, 80));
  }
  void take_text(std::string_view words) {
    if (words.find('>') != std::string_view::npos &&
        (open.empty() || markup.elements[open.back()].name != "style"))
      fault("a bare >");
    if (!open.empty()) markup.elements[open.back()].text += words;
  }
  std::string word() {
    const auto begin = at;
    while (at < text.size() && std::string_view(" \n/>=").find(text[at]) == std::string_view::npos) ++at;
    return std::string(text.substr(begin, at - begin));
  }
  void skip_space() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n')) ++at;
  }
  void attribute(Element& element) {
    const std::string name = word();
    if (name.empty()) return fault("an attribute without a name"), void(++at);
    std::string value;
    if (at < text.size() && text[at] == '=') {
      ++at;
      if (at >= text.size() || text[at] != '"') return fault("an attribute without quotes");
      const auto end = text.find('"', at + 1);
      if (end == std::string_view::npos)
        return fault("an attribute that does not end"), void(at = text.size());
      value = std::string(text.substr(at + 1, end - at - 1));
      if (value.find('<') != std::string::npos) fault("a bare < in an attribute");
      at = end + 1;
    }
    if (!element.attributes.emplace(name, value).second) fault("an attribute twice");
  }
  void closing() {
    at += 2;
    const std::string name = word();
    if (open.empty() || markup.elements[open.back()].name != name)
      return fault("</" + name + "> closes nothing");
    open.pop_back();
    if (at < text.size() && text[at] == '>') ++at;
  }
  void opening() {
    ++at;
    Element element;
    element.name = word();
    if (element.name.empty()) fault("a bare <");
    bool closed = is_void(element.name);
    for (skip_space(); at < text.size() && text[at] != '>'; skip_space()) {
      if (text[at] == '/' && at + 1 < text.size() && text[at + 1] == '>') {
        closed = true;
        ++at;
        break;
      }
      attribute(element);
    }
    ++at;
    const std::size_t place = markup.elements.size();
    if (!open.empty()) markup.elements[open.back()].children.push_back(place);
    markup.elements.push_back(element);
    if (!closed) open.push_back(place);
  }
  void read() {
    while (at < text.size() && markup.fault.empty()) {
      const auto next = std::min(text.find('<', at), text.size());
      take_text(text.substr(at, next - at));
      at = next;
      if (at == text.size()) break;
      if (text.substr(at, 2) == "<!" || text.substr(at, 2) == "<?")
        at = std::min(text.find('>', at), text.size() - 1) + 1;
      else if (text.substr(at, 2) == "</")
        closing();
      else
        opening();
    }
    if (!open.empty()) fault("<" + markup.elements[open.back()].name + "> is not closed");
  }
};

}  // namespace

std::vector<const Element*> Markup::named(std::string_view name) const {
  std::vector<const Element*> found;
  for (const auto& element : elements)
    if (element.name == name) found.push_back(&element);
  return found;
}

Markup read_markup(std::string_view text) {
  Reader reader{text, {}, {}, 0};
  reader.read();
  return reader.markup;
}

}  // namespace reprise
