// Small helpers over the DOM. Text goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

const SVG = 'http://www.w3.org/2000/svg';

function set(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes ?? {})) {
        if (value === null || value === undefined || value === false) continue;
        if (name === 'on') {
            for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
        } else if (name === 'style') {
            // Through the object model, which the content security policy allows; as an attribute it would not be.
            for (const [property, given] of Object.entries(value)) node.style.setProperty(property, given);
        } else {
            node.setAttribute(name, value === true ? '' : value);
        }
    }
    node.append(
        ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
    );
    return node;
}

/** An element: `h('a', { href: '#' }, 'text', otherElement)`. */
export const h = (tag, attributes, ...children) => set(document.createElement(tag), attributes, children);

/** The same of SVG. */
export const s = (tag, attributes, ...children) => set(document.createElementNS(SVG, tag), attributes, children);

/** Puts `children` in place of what `node` holds. Who had something of it in focus keeps it, by its `data-key`. */
export function fill(node, ...children) {
    const held = node.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const scrolled = node.parentElement?.scrollTop ?? 0;
    node.replaceChildren(...children.flat(Infinity).filter(Boolean));
    if (node.parentElement) node.parentElement.scrollTop = scrolled;
    if (held) node.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

/** Names of places and companies are Chinese in every language of the page. */
export const named = (text) => h('span', { lang: 'zh-CN' }, text);

export function show(node, visible) {
    node.hidden = !visible;
}
