// What the public screens of the communities show, merged, the newest first. Several communities are asked in turn, so
// that a district costs one request every few seconds and each community hears from us no oftener than it wishes.

import { get } from './api.js';
import { feedStatusName } from './codes.js';
import { byId, fill, h, named } from './dom.js';
import { since } from './format.js';
import { serverNow } from './session.js';
import { language, t } from './words.js';

const MOST = 40;
const EACH = 10;
const ALONE = 30;
/** Seconds between two requests, and between those of the first round. */
const TURN = 3;
const FIRST_TURN = 0.15;
const SCROLL_EVERY = 3500;
const MOST_WAIT = 120;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

let shown = null;
let paused = calm.matches;
let looked = false;

export function open(communities) {
    close();
    shown = {
        turn: 0,
        tries: 0,
        known: null,
        fault: null,
        timer: null,
        screens: communities.map((code) => ({ code, tag: null, items: [], every: 10, next: 0 })),
    };
    draw();
    ask(shown);
}

export function close() {
    clearTimeout(shown?.timer);
    shown = null;
}

async function ask(here) {
    if (here !== shown) return;
    const screen = here.screens[here.turn % here.screens.length];
    if (!screen) return;
    let wait = TURN;
    if (!document.hidden && Date.now() >= screen.next) wait = await one(here, screen);
    if (here !== shown) return;
    here.timer = setTimeout(() => ask(here), wait * 1000);
}

/** One community; the seconds until the next one. */
async function one(here, screen) {
    const limit = here.screens.length === 1 ? ALONE : EACH;
    try {
        const answer = await get(`/screens/${screen.code}/events?limit=${limit}`, { tag: screen.tag, open: true });
        Object.assign(screen, { tag: answer.tag, every: answer.every ?? screen.every });
        screen.next = Date.now() + screen.every * 1000;
        if (answer.body) screen.items = answer.body.items;
        const mended = here.fault !== null;
        Object.assign(here, { fault: null, tries: 0, turn: here.turn + 1 });
        const round = here.turn >= here.screens.length;
        if (here === shown && (answer.body || mended)) take(here, round);
        const turn = round ? TURN : FIRST_TURN;
        return here.screens.length === 1 ? screen.every : turn;
    } catch (failed) {
        here.tries += 1;
        here.turn += 1;
        // A community that is no more is passed over.
        if (failed.status !== 404) here.fault = failed;
        if (here === shown) draw();
        return Math.max(failed.retryAfter ?? 0, Math.min(MOST_WAIT, TURN * 2 ** Math.min(here.tries, 6)));
    }
}

const keyOf = (item) => [item.at, item.kind, item.label_zh, item.place, item.status].join('|');

function merged(here) {
    const all = here.screens.flatMap((screen) => screen.items);
    return [...all].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, MOST);
}

/** Says aloud what is new since the first round, and shows it. */
function take(here, complete) {
    const items = merged(here);
    const fresh = here.known ? items.filter((item) => !here.known.has(keyOf(item))) : [];
    if (complete) here.known = new Set(here.screens.flatMap((screen) => screen.items).map(keyOf));
    draw(new Set(fresh.map(keyOf)));
    if (fresh.length === 0) return;
    byId('feed-news').textContent = t('news', { text: fresh.slice(0, 3).map(words).join('; ') });
    if (!looked) byId('feed-scroll').scrollTo({ top: 0 });
}

const label = (item) => (language() === 'zh' ? item.label_zh : item.label_en);
const words = (item) => `${item.place} ${label(item)}, ${feedStatusName(item.kind, item.status)}`;

export function draw(fresh = new Set()) {
    const now = serverNow();
    const row = (item) =>
        h(
            'li',
            { class: `${fresh.has(keyOf(item)) ? 'new' : ''} of-${item.status}` },
            h(
                'div',
                { class: 'line' },
                h('span', { class: 'what' }, label(item)),
                h('span', { class: 'state' }, feedStatusName(item.kind, item.status)),
            ),
            h(
                'div',
                { class: 'line sub' },
                named(item.place),
                h(
                    'time',
                    { datetime: item.at, 'data-at': String(Date.parse(item.at)) },
                    since(Date.parse(item.at), now),
                ),
            ),
        );
    const items = shown ? merged(shown) : [];
    const fault = shown?.fault && h('li', { class: 'empty bad' }, t('feed_failed', { why: shown.fault.why ?? '' }));
    // Until every community has been asked once nobody can say that there is nothing.
    const asked = shown && shown.turn >= shown.screens.length;
    const none = items.length === 0 && !fault && h('li', { class: 'empty' }, asked ? t('feed_empty') : '…');
    fill(byId('feed'), fault, none, items.map(row));
    byId('feed-pause').textContent = t(paused ? 'feed_go' : 'feed_pause');
}

/** Keeps "3 minutes ago" true. */
export function tick() {
    const now = serverNow();
    for (const time of byId('feed').querySelectorAll('time')) time.textContent = since(Number(time.dataset.at), now);
}

/** One line on, and from the end back to the top; never under somebody's hand. */
function scroll() {
    const box = byId('feed-scroll');
    if (paused || looked || document.hidden || box.scrollHeight <= box.clientHeight + 4) return;
    const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
    const line = box.querySelector('li')?.offsetHeight ?? 60;
    box.scrollTo({ top: atEnd ? 0 : box.scrollTop + line, behavior: 'smooth' });
}

export function begin() {
    const box = byId('feed-scroll');
    const look = (is) => () => {
        looked = is;
    };
    for (const event of ['pointerenter', 'focusin']) box.addEventListener(event, look(true));
    for (const event of ['pointerleave', 'focusout']) box.addEventListener(event, look(false));
    byId('feed-pause').addEventListener('click', () => {
        paused = !paused;
        byId('feed-pause').textContent = t(paused ? 'feed_go' : 'feed_pause');
    });
    calm.addEventListener('change', () => {
        paused = calm.matches;
        draw();
    });
    setInterval(scroll, SCROLL_EVERY);
}
