// SPDX-License-Identifier: Apache-2.0
#pragma once
// A closed set of words: an enum inside, text only where it is read or written. The words of an enum E stand
// in one table, words_of(E{}), found by argument-dependent lookup beside E.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

template <class E>
struct Word {
  E value;
  std::string_view text;
};

template <class E>
std::string_view to_text(E value) requires requires {
  words_of(value);
}
{
  for (const auto& word : words_of(value))
    if (word.value == value) return word.text;
  return "";
}

template <class E>
std::vector<std::string> all_words() {
  std::vector<std::string> words;
  for (const auto& word : words_of(E{})) words.emplace_back(word.text);
  return words;
}

// An Error for any other text: "wanted keep to be none, last or all, found 'some'".
template <class E>
E word_from(std::string_view text, std::string_view what) {
  for (const auto& word : words_of(E{}))
    if (word.text == text) return word.value;
  auto words = all_words<E>();
  const std::string last = words.back();
  words.pop_back();
  fail("wanted {} to be {} or {}, found '{}'", what, join(words, ", "), last, text);
}

}  // namespace reprise
