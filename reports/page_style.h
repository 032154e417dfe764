// SPDX-License-Identifier: Apache-2.0
#pragma once
// The style sheet of the HTML report: light, dark and print; eight class colours that differ in lightness
// too.
#include <string_view>

namespace reprise {

inline constexpr std::string_view page_style = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#59636e;--line:#d8dee4;--card:#f6f8fa;--same:#dfe5ea;--ok:#1a7f37;--no:#b35900;--on:#fff;
--k0:#3f6c9e;--k1:#b85c00;--k2:#7b4fb5;--k3:#1f7f73;--k4:#b03a5b;--k5:#6b6f1d;--k6:#4a5a6a;--k7:#8a4b2a;--h0:#f3c999;--h1:#f7dfc2;--h2:#faecd9;--h3:#eef1e6;--h4:#cfe0f0;--hk:#1b1f24}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9aa4af;--line:#30363d;--card:#161b22;--same:#2b333c;--ok:#4ac26b;--no:#e9a35a;--on:#0d1117;
--k0:#6ea8dc;--k1:#f0a04b;--k2:#b592e8;--k3:#54c7b8;--k4:#ee8aa6;--k5:#c6c95a;--k6:#a9b8c6;--k7:#d99b7a;--h0:#6b451b;--h1:#4b3a26;--h2:#3a3327;--h3:#2c332b;--h4:#1f3a55;--hk:#e6edf3}}
*{box-sizing:border-box}html{overflow-wrap:anywhere}body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 Inter,system-ui,"Segoe UI",sans-serif}
main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 4rem}h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0}h2{font-size:1.1rem;margin:2.4rem 0 .6rem}
p{margin:.4rem 0;max-width:46rem}code,.mono{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.86em}.dim{color:var(--dim)}
.verdict{border:1px solid var(--line);border-left:6px solid var(--no);background:var(--card);border-radius:6px;padding:1rem 1.2rem;margin:1rem 0}.verdict.good{border-left-color:var(--ok)}.verdict p{margin:0 0 .25rem}.verdict p:first-child{font-size:1.15rem}
.marks{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:.7rem 0 0;padding:0;list-style:none;font-size:.92rem;color:var(--dim)}.ok{color:var(--ok)}.no{color:var(--no)}
.scroll{overflow-x:auto}.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--k0);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.94rem}th{text-align:left;font-weight:600;color:var(--dim);border-bottom:1px solid var(--line);padding:.35rem .8rem .35rem 0;white-space:nowrap}
td,tbody th{border-bottom:1px solid var(--line);padding:.4rem .8rem .4rem 0;vertical-align:top;color:var(--fg);font-weight:400}tbody th{white-space:normal}.runs{min-width:12rem}.num{white-space:nowrap}
.chip{display:inline-block;min-width:1.6em;text-align:center;border-radius:4px;color:var(--on);padding:0 .35em;font-weight:700}
.c0{background:var(--k0)}.c1{background:var(--k1)}.c2{background:var(--k2)}.c3{background:var(--k3)}.c4{background:var(--k4)}.c5{background:var(--k5)}.c6{background:var(--k6)}.c7{background:var(--k7)}
.moved th{border-left:3px solid var(--no);padding-left:.6rem}
svg{width:100%;height:auto;display:block}.scroll svg.wide{min-width:40rem}svg.narrow{max-width:38rem;min-width:30rem}svg text{font-family:inherit;fill:var(--fg);font-size:12px}svg .t{fill:var(--dim);font-size:11px}svg .s{font-size:9.5px}svg .e{text-anchor:end}svg .m{text-anchor:middle}svg .n{fill:var(--hk)}svg .k{font-weight:700}
.same{fill:var(--same)}.f0{fill:var(--k0)}.f1{fill:var(--k1)}.f2{fill:var(--k2)}.f3{fill:var(--k3)}.f4{fill:var(--k4)}.f5{fill:var(--k5)}.f6{fill:var(--k6)}.f7{fill:var(--k7)}
.h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}.axis{fill:none;stroke:var(--dim)}.grid{stroke:var(--line);fill:none}
.s0,.s1,.s2,.s3,.s4,.s5,.s6,.s7{fill:none;stroke-width:1.6}.s0{stroke:var(--k0)}.s1{stroke:var(--k1)}.s2{stroke:var(--k2)}.s3{stroke:var(--k3)}.s4{stroke:var(--k4)}.s5{stroke:var(--k5)}.s6{stroke:var(--k6)}.s7{stroke:var(--k7)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.9rem;margin:.3rem 0}
details{border-bottom:1px solid var(--line);padding:.45rem 0}summary{cursor:pointer;font-weight:600}details p{margin:.3rem 0 .3rem 1rem}details .scroll{margin-left:1rem}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.8rem;white-space:pre-wrap;font-size:.86rem;font-family:ui-monospace,"DejaVu Sans Mono",monospace}
.diff td,.diff th{background:color-mix(in srgb,var(--no) 14%,transparent)}
@media(max-width:36rem){main{padding:1rem .8rem 3rem}h1{font-size:1.3rem}}
@media print{:root{--bg:#fff;--fg:#000;--dim:#444;--on:#fff}body{font-size:10.5pt}main{max-width:none;padding:0}h2{break-after:avoid}.scroll{overflow:visible}.scroll svg.wide,svg.narrow{min-width:0}svg,tr,.verdict{break-inside:avoid}th{white-space:normal}details::details-content{content-visibility:visible;display:block}}
)css";

}  // namespace reprise
