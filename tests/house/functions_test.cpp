// SPDX-License-Identifier: Apache-2.0
// No function is longer than 40 lines.
#include "house/functions.h"

#include <fmt/core.h>

#include <catch2/catch.hpp>

#include "house/project.h"

using namespace reprise;

namespace {

constexpr std::size_t longest = 40;

std::vector<std::string> too_long(const Source& source) {
  std::vector<std::string> faults;
  for (const auto& [first, lines] : functions_of(source.text))
    if (lines > longest)
      faults.push_back(fmt::format("{}:{}: a function of {} lines", source.path, first, lines));
  return faults;
}

std::string of_lines(const std::string& head, std::size_t lines) {
  std::string text = head + " {\n";
  for (std::size_t i = 2; i < lines; ++i) text += "  x = 1;\n";
  return text + "}\n";
}

using Functions = std::vector<Function>;

}  // namespace

TEST_CASE("no function is longer than 40 lines") {
  std::size_t found = 0;
  std::vector<std::string> faults;
  for (const auto& source : all_sources(cpp_endings)) {
    found += functions_of(source.text).size();
    for (const auto& fault : too_long(source)) faults.push_back(fault);
  }
  CHECK(found > 2000);  // else the scanner sees nothing
  require_none(faults);
}

TEST_CASE("the check of functions finds one that is too long, wherever it stands") {
  for (const std::string head :
       {"void f()", "int C::f(int a) const", "C::C(int a) : a_{a}, b_{1}",
        "template <class T>\nstd::vector<T> f(T a)", "TEST_CASE(\"a { in a text\")", "struct Row f(int a)",
        "auto f() -> std::vector<int>", "bool operator()(int a)"}) {
    INFO(head);
    const std::size_t more = head.find('\n') == head.npos ? 0 : 1;
    CHECK(too_long({"a.cpp", of_lines(head, 40 - more)}).empty());
    CHECK(too_long({"a.cpp", of_lines(head, 41 - more)}).size() == 1);
    const std::string inside = "namespace a {\nnamespace {\nclass C : public B {\n public:\n";
    CHECK(functions_of(inside + of_lines(head, 41) + "};\n}\n}\n") == Functions{{5, 41 + more}});
  }
}

TEST_CASE("an action in a table is a function, and a table, a class or a namespace is none") {
  CHECK(functions_of("extern const Command list{\n    .attach = [](App& app) -> std::function<int()> {\n" +
                     of_lines("      if (a)", 41) + "    },\n};\n") == Functions{{2, 43}});
  for (const std::string head : {"namespace a", "struct A", "class A : public B<C>", "enum class A : int",
                                 "constexpr Row rows[] =", "const std::map<int, int> a =", "extern \"C\"",
                                 "template <class T>\nstruct A"}) {
    INFO(head);
    CHECK(functions_of(head + " {\n    a, b,\n    {1, 2}};\n").empty());
  }
}

TEST_CASE("braces in comments, texts and lines of the preprocessor are none") {
  CHECK(functions_of("void f() {  // {\n  /* { */ a(\"{\\\"{\", '{', 1'000, R\"(\")\n{)\");\n}\n") ==
        Functions{{1, 4}});
  CHECK(functions_of("#define A \\\n  void f() {\nvoid g() {\n}\n") == Functions{{3, 2}});
  CHECK(only_code("a 'b' \"c\" // d\ne") == "a" + std::string(13, ' ') + "\ne");
}
