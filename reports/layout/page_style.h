// SPDX-License-Identifier: Apache-2.0
#pragma once
// The style sheet of the HTML report: light, dark and print. Eight class colours, each with at least 4.5:1
// contrast to the letters on it and to the page, in light and in dark.
#include <string_view>

namespace reprise {

inline constexpr std::string_view page_style = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#59636e;--line:#d8dee4;--card:#f6f8fa;--same:#dfe5ea;--ok:#1a7f37;--no:#a04f00;--on:#fff;
--k0:#3f6c9e;--k1:#b05800;--k2:#7b4fb5;--k3:#1b766b;--k4:#b03a5b;--k5:#666a18;--k6:#4a5a6a;--k7:#8a4b2a;
--h0:#f3c999;--h1:#f7dfc2;--h2:#faecd9;--h3:#eef1e6;--h4:#cfe0f0;--hk:#1b1f24}
@media screen and (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9aa4af;--line:#30363d;--card:#161b22;--same:#2b333c;--ok:#4ac26b;--no:#e9a35a;--on:#0d1117;
--k0:#6ea8dc;--k1:#f0a04b;--k2:#b592e8;--k3:#54c7b8;--k4:#ee8aa6;--k5:#c6c95a;--k6:#a9b8c6;--k7:#d99b7a;
--h0:#7a4c1a;--h1:#553f25;--h2:#3d3527;--h3:#2c332b;--h4:#1f3a55;--hk:#e6edf3}}
*{box-sizing:border-box}
html{overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 Inter,system-ui,"Segoe UI",sans-serif}
main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0}
h2{font-size:1.1rem;margin:2.4rem 0 .6rem}
p{margin:.4rem 0;max-width:46rem}
code,.mono,pre{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.86em}
.dim{color:var(--dim)}.ok{color:var(--ok)}.no{color:var(--no)}
.verdict{border:1px solid var(--line);border-left:6px solid var(--dim);background:var(--card);border-radius:6px;padding:1rem 1.2rem;margin:1rem 0}
.verdict.good{border-left-color:var(--ok)}.verdict.bad{border-left-color:var(--no)}
.verdict p{margin:0 0 .25rem}.verdict p:first-child{font-size:1.15rem}
.marks{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:.7rem 0 0;padding:0;list-style:none;font-size:.92rem}
.scroll{overflow-x:auto;position:relative}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--k0);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.94rem;overflow-wrap:break-word}
th{text-align:left;font-weight:600;color:var(--dim);border-bottom:1px solid var(--line);padding:.35rem .8rem .35rem 0}
td,tbody th{border-bottom:1px solid var(--line);padding:.4rem .8rem .4rem 0;vertical-align:top;color:var(--fg);font-weight:400}
.classes td:nth-child(2){min-width:11rem}.classes td:last-child{min-width:9rem}
.factors tbody th{min-width:9rem}.factors td:nth-child(4){min-width:9rem}.factors td:last-child{min-width:12rem}
.by-class td{min-width:6rem}.by-class tbody th{min-width:10rem}.injected tbody th{min-width:8rem}.numbers td{font-variant-numeric:tabular-nums}
.num,.mono,.option{white-space:nowrap}
.note{font-size:.88em;color:var(--dim);margin-top:.15rem}
td details{border:0;padding:0}
.chip{display:inline-block;min-width:1.6em;text-align:center;border-radius:4px;color:var(--on);padding:0 .35em;font-weight:700}
.c0{background:var(--k0)}.c1{background:var(--k1)}.c2{background:var(--k2)}.c3{background:var(--k3)}.c4{background:var(--k4)}.c5{background:var(--k5)}.c6{background:var(--k6)}.c7{background:var(--k7)}
.moved th{border-left:3px solid var(--no);padding-left:.6rem}
svg{width:100%;height:auto;display:block}
svg.wide{min-width:40rem}svg.narrow{max-width:38rem;min-width:24rem}svg.calls{max-width:30rem;min-width:20rem}
.pair{display:flex;flex-wrap:wrap;gap:1rem}svg.half{flex:1 1 19rem;width:auto;min-width:0;max-width:34rem}
svg text{font-family:inherit;fill:var(--fg);font-size:12px}
svg .t{fill:var(--dim);font-size:11px}svg .s{font-size:10px}svg .e{text-anchor:end}svg .m{text-anchor:middle}svg .n{fill:var(--hk)}svg .k{font-weight:700}
.same{fill:var(--same)}
svg .f0{fill:var(--k0)}svg .f1{fill:var(--k1)}svg .f2{fill:var(--k2)}svg .f3{fill:var(--k3)}svg .f4{fill:var(--k4)}svg .f5{fill:var(--k5)}svg .f6{fill:var(--k6)}svg .f7{fill:var(--k7)}
.h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.88rem;color:var(--dim);max-width:none}
.key i{display:inline-block;width:.9em;height:.9em;border-radius:3px;vertical-align:-.08em}
.b0{background:var(--h0)}.b1{background:var(--h1)}.b2{background:var(--h2)}.b3{background:var(--h3)}.b4{background:var(--h4)}.bn{background:var(--same)}
.axis{fill:none;stroke:var(--dim)}.grid{stroke:var(--line);fill:none}
.s0,.s1,.s2,.s3,.s4,.s5,.s6,.s7{fill:none;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}.dash{stroke-dasharray:5 4}
.s0{stroke:var(--k0)}.s1{stroke:var(--k1)}.s2{stroke:var(--k2)}.s3{stroke:var(--k3)}.s4{stroke:var(--k4)}.s5{stroke:var(--k5)}.s6{stroke:var(--k6)}.s7{stroke:var(--k7)}
a{color:var(--k0)}
.nights{width:auto;font-size:.8rem}.nights td,.nights thead th{padding:.12rem .3rem;text-align:center;white-space:nowrap;border:1px solid var(--bg)}
.nights tbody th{white-space:nowrap;position:sticky;left:0;background:var(--bg);padding:.12rem .6rem .12rem 0}
.nights td a{color:inherit;text-decoration:none;display:block}.nights .b0,.nights .b1,.nights .b2,.nights .b3,.nights .b4{color:var(--hk)}
details{border-bottom:1px solid var(--line);padding:.45rem 0}summary{cursor:pointer;font-weight:600}
details>p,details>pre,details>.scroll{margin-left:1rem}.caption{font-weight:600;margin-top:.9rem;break-after:avoid}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.8rem;white-space:pre-wrap;font-size:.86rem}
.diff{background:color-mix(in srgb,var(--no) 14%,transparent)}
@media(max-width:36rem){main{padding:1rem .8rem 3rem}h1{font-size:1.3rem}.verdict p:first-child{font-size:1.05rem}}
@media screen and (max-width:36rem){table,tbody,tr,th,td{display:block}tbody tr{border-bottom:1px solid var(--line);padding:.45rem 0}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
td,tbody th{border:0;padding:.1rem 0}td:nth-child(n),tbody th:first-child{min-width:0}td:empty{display:none}
td[data-label]{display:flow-root;padding-left:6.6rem}td[data-label]::before{content:attr(data-label);float:left;width:6.2rem;margin-left:-6.6rem;color:var(--dim)}
.by-class td[data-label]{display:inline-block;padding:.1rem 1.2rem .1rem 0}.by-class td[data-label]::before{float:none;margin:0 .5em 0 0;font-weight:700}}
@media screen and (max-width:36rem){.nights{display:table}.nights thead{display:table-header-group;position:static;clip-path:none;overflow:visible}
.nights tbody{display:table-row-group}.nights tr{display:table-row}.nights th,.nights td{display:table-cell;padding:.3rem .35rem}.nights tbody tr{padding:0}
.nights td:empty{display:table-cell}.nights tbody th{max-width:7rem;overflow:hidden;text-overflow:ellipsis}}
@media print{body{font-size:10.5pt}main{max-width:none;padding:0}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
h2,h2+p,summary{break-after:avoid}.scroll{overflow:visible}svg.wide,svg.narrow,svg.calls{min-width:0}svg,tr,.verdict{break-inside:avoid}
table td:nth-child(n),table th:nth-child(n){min-width:0;padding-right:.6rem}table{font-size:.88rem}
.numbers:not(.many){font-size:.78rem}.numbers:not(.many) td:nth-child(n),.numbers:not(.many) th:nth-child(n){padding-right:.3rem}
.many thead{display:none}.many,.many tbody,.many tr,.many th{display:block}.many th{border:0;padding-bottom:0}.many tr{border-bottom:1px solid var(--line)}
.many td{display:inline-block;border:0;padding:0 1.2rem .3rem 0}.many td[data-label]::before{content:attr(data-label);margin-right:.5em;color:var(--dim);font-weight:700}
.nights,.nights tbody,.nights tr,.nights tbody th{display:block;position:static}.nights thead{display:none}
.nights td{display:inline-block;border:0;padding:0 .12rem}.nights td:empty{display:none}
details:not(.folded)::details-content{content-visibility:visible;display:block;height:auto}}
)css";

}  // namespace reprise
