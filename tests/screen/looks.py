"""What a browser is asked about the looks of a page."""

# Marks whatever the keyboard should reach, and names the marks.
FOCUSABLE = """() => [...document.querySelectorAll('a[href], button, select, input, [tabindex="0"]')]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0)
    .map((e, i) => (e.dataset.checked = String(i)))"""

# The contrast of every text that can be seen with what is behind it (WCAG 2.2), and the text.
CONTRAST = """() => {
    const parse = (text) => {
        const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
        return { r, g, b, a };
    };
    const over = (top, under) => ({
        r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a),
        b: top.b * top.a + under.b * (1 - top.a), a: 1,
    });
    const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    const light = ({ r, g, b }) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const behind = (element) => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.a > 0) layers.push(colour);
            if (colour.a === 1) break;
        }
        return layers.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        const words = node.textContent.trim();
        if (!words || !element.checkVisibility({ visibilityProperty: true }) || element.closest('.hidden, .skip, noscript')) continue;
        if (['SCRIPT', 'STYLE', 'TITLE', 'title'].includes(element.tagName)) continue;
        const style = getComputedStyle(element);
        const inPicture = element instanceof SVGElement;
        const under = inPicture ? parse(getComputedStyle(element.closest('g').querySelector('.cell')).fill) : behind(element);
        const ink = over(parse(inPicture ? style.fill : style.color), under);
        const [high, low] = [light(ink), light(under)].sort((a, b) => b - a);
        found.push([Math.round(((high + 0.05) / (low + 0.05)) * 100) / 100, words.slice(0, 40)]);
    }
    return found;
}"""

# What is seen outside the page's width, but for what lies in a box that scrolls by itself.
OUTSIDE = """(width) => [...document.querySelectorAll('body *')]
    .filter((e) => e.checkVisibility() && !e.closest('.scroll, .hidden, .skip, svg, .chart, noscript'))
    .filter((e) => { const b = e.getBoundingClientRect(); return b.width > 0 && (b.right > width + 1 || b.left < -1); })
    .map((e) => `${e.tagName} ${e.className} ${Math.round(e.getBoundingClientRect().right)}`).slice(0, 10)"""
