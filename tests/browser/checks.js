// SPDX-License-Identifier: Apache-2.0
// What holds of a page as it is laid out, asked inside it. Each check gives sentences, one per fault.
'use strict';
const checks = (() => {
  const slack = 1;  // pixels that rounding may cost
  const named = (element) => {
    const style = element.getAttribute('class'), words = element.textContent.trim().replace(/\s+/g, ' ');
    return `<${element.localName}${style ? ' class="' + style + '"' : ''}> "${words.slice(0, 60)}"`;
  };
  const is_laid_out = (element) => element.getClientRects().length > 0 && element.checkVisibility();
  const all = (selector) => [...document.querySelectorAll(selector)].filter(is_laid_out);
  const scrolls = (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
  const in_scroll = (element) => {
    for (let box = element.parentElement; box; box = box.parentElement)
      if (box !== document.documentElement && scrolls(box)) return true;
    return false;
  };
  const is_drawn = (element) => element.closest('svg') !== null && element.localName !== 'svg';
  const hides_itself = (element) => getComputedStyle(element).clipPath !== 'none';  // words for screen readers alone

  const beyond_the_page = (width) => {
    const faults = [];
    const whole = document.documentElement.scrollWidth;
    if (whole > width) faults.push(`the page is ${whole} px wide`);
    for (const element of all('body *')) {
      if (is_drawn(element) || in_scroll(element) || element.closest('thead') && hides_itself(element.closest('thead')))
        continue;
      const box = element.getBoundingClientRect();
      if (box.right > width + slack || box.left < -slack)
        faults.push(`${named(element)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} px`);
    }
    return faults;
  };

  // Words that stand out of their own box lie on those of a neighbour.
  const out_of_their_box = () =>
      all('p,li,td,th,pre,h1,h2,summary,div,section')
          .filter((element) => !scrolls(element) && !element.closest('thead'))
          .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + slack)
          .filter((element) => !in_scroll(element) || element.matches('td,th'))
          .map((element) => `${named(element)} has ${element.clientWidth} px for ${element.scrollWidth} px`);

  // Nobody looks for a verdict behind the edge of a table. Many classes side by side may scroll, but not on a phone.
  const scrolled_tables = (on_phone) =>
      all(on_phone ? '.scroll:has(table)' : '.scroll:has(table:not(.by-class))')
          .filter((box) => box.scrollWidth > box.clientWidth + slack)
          .map((box) => `the table "${box.ariaLabel}" shows ${box.clientWidth} of ${box.scrollWidth} px`);

  const cut_in_pictures = () =>
      all('svg').flatMap((picture) => {
        const frame = picture.getBoundingClientRect();
        return [...picture.querySelectorAll('text')].filter((text) => {
          const box = text.getBoundingClientRect();
          return box.left < frame.left - slack || box.right > frame.right + slack || box.top < frame.top - slack ||
                 box.bottom > frame.bottom + slack;
        }).map((text) => `the picture "${picture.getAttribute('aria-label')}" cuts ${named(text)}`);
      });

  // Pieces of words as people read them: "python-hash-seed" may break behind a hyphen, never inside "seed".
  const broken_words = () => {
    const faults = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!is_laid_out(parent) || is_drawn(parent) || parent.closest('pre,.mono')) continue;
      for (const piece of node.data.matchAll(/[A-Za-z0-9]+/g)) {
        if (piece[0].length > 16) continue;
        range.setStart(node, piece.index);
        range.setEnd(node, piece.index + piece[0].length);
        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        if (lines.size > 1) faults.push(`"${piece[0]}" is broken in ${named(parent)}`);
      }
    }
    return faults;
  };

  // Red, green, blue and alpha of a computed colour, each from 0 to 1.
  const channels = (colour) => {
    const numbers = colour.match(/[\d.]+(e-?\d+)?/g).map(Number);
    const whole = colour.startsWith('color(srgb') ? 1 : 255;
    return [...numbers.slice(0, 3).map((number) => number / whole), numbers[3] ?? 1];
  };
  const over = (front, back) => [...[0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])), 1];
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const ground_of = (element) => {
    const own = channels(getComputedStyle(element).backgroundColor);
    if (own[3] === 1) return own;
    return over(own, element.parentElement ? ground_of(element.parentElement) : [1, 1, 1, 1]);
  };
  // In a picture it is the last box before the text that holds its middle.
  const ground_in_picture = (text) => {
    const box = text.getBoundingClientRect(), x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    let found = ground_of(text.closest('svg'));
    for (const rect of text.closest('svg').querySelectorAll('rect')) {
      if (!(rect.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      const area = rect.getBoundingClientRect();
      if (area.left <= x && x <= area.right && area.top <= y && y <= area.bottom)
        found = channels(getComputedStyle(rect).fill);
    }
    return found;
  };
  // axe-core looks neither into pictures nor at single letters.
  const pale = () => {
    const faults = [];
    const judge = (element, colour, ground, wanted) => {
      const found = contrast(over(channels(colour), ground), ground);
      if (found < wanted) faults.push(`${named(element)} has a contrast of ${found.toFixed(2)}, wanted ${wanted}`);
    };
    const has_words = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    for (const element of all('body, body *')) {
      const style = getComputedStyle(element);
      if (element.matches('svg path:not(.grid)')) judge(element, style.stroke, ground_of(element.closest('svg')), 3);
      if (!has_words(element) || element.localName === 'title') continue;
      if (element.localName === 'text') judge(element, style.fill, ground_in_picture(element), 4.5);
      else judge(element, style.color, ground_of(element), 4.5);
    }
    return faults;
  };

  const anchors = async () => {
    const faults = [], ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    for (const id of ids)
      if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`the anchor #${id} is there twice`);
    const wanted = [...document.querySelectorAll('[href],[src],[action],[data],[poster],[srcset]')].map(
        (element) => element.getAttribute('href') ?? named(element));
    for (const link of wanted)
      if (!link.startsWith('#') || !ids.includes(decodeURIComponent(link.slice(1))))
        faults.push(`${link} leads nowhere`);
    for (const id of ids) {
      if (!is_laid_out(document.getElementById(id))) continue;
      location.hash = '';
      location.hash = '#' + encodeURIComponent(id);
      await new Promise((done) => requestAnimationFrame(done));
      const box = document.getElementById(id).getBoundingClientRect();
      if (box.top < -slack || box.top >= innerHeight) faults.push(`#${id} does not come into view`);
    }
    return faults;
  };

  const hidden_in_print = () =>
      [...document.querySelectorAll('details:not(.folded)')]
          .filter((fold) => [...fold.children].some((part) => part.localName !== 'summary' && !is_laid_out(part)))
          .map((fold) => `what is folded in ${named(fold.firstElementChild)} is not printed`);

  // The last look: it takes the insides of pictures away, in which axe-core finds nothing but takes long.
  const axe_faults = async () => {
    document.querySelectorAll('svg > *').forEach((mark) => mark.remove());
    const found = await axe.run(document, {resultTypes: ['violations'], preload: false, iframes: false});
    return found.violations.flatMap(
        (rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html.slice(0, 120)}`));
  };

  const open_all = () => document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
  const parts_of_tables = () => ({table: all('table').length, row: all('tr').length, cell: all('td').length,
                                  rowheader: all('tbody th').length, columnheader: all('thead th').length});

  return {anchors, axe_faults, beyond_the_page, broken_words, cut_in_pictures, hidden_in_print, open_all,
          out_of_their_box, pale, parts_of_tables, scrolled_tables};
})();
