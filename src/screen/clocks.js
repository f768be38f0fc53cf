// The clocks that end soonest, counting down by the server's time.

import { categoryName, clockName, statusName } from './codes.js';
import { byId, fill, h, named } from './dom.js';
import { count, span } from './format.js';
import { serverNow } from './session.js';
import { t } from './words.js';

/** Of its time, what is left when a clock is called urgent. */
const URGENT = 0.25;

let running = [];

function line(clock) {
    const time = h('time', { class: 'count', datetime: clock.due_at });
    const bar = h('span', {});
    const row = h(
        'li',
        {},
        h('div', { class: 'line' }, h('span', { class: 'what' }, categoryName(clock.category, clock.kind)), time),
        h(
            'div',
            { class: 'line sub' },
            h('span', {}, named(clock.place), ' · ', statusName(clock.status), ' · ', clockName(clock.clock)),
        ),
        h('div', { class: 'meter', 'aria-hidden': 'true' }, bar),
    );
    return { row, time, bar, from: Date.parse(clock.started_at), until: Date.parse(clock.due_at) };
}

export function draw(overview) {
    running = overview.clocks.map(line);
    const none = h('li', { class: 'empty' }, t('no_clocks'));
    fill(byId('clocks'), running.length > 0 ? running.map((clock) => clock.row) : none);
    byId('clocks-note').textContent = running.length > 0 ? t('clocks_note', { n: running.length }) : '';
    const states = overview.cases.by_status.filter((state) => state.cases > 0);
    const chip = ({ status, cases }) => h('li', {}, statusName(status), ' ', h('b', {}, count(cases)));
    fill(byId('states'), states.map(chip));
    tick();
}

/** Every second; what has passed turns over by itself. */
export function tick() {
    const now = serverNow();
    for (const { row, time, bar, from, until } of running) {
        const left = until - now;
        time.textContent = left >= 0 ? t('left', { time: span(left) }) : t('over', { time: span(left) });
        const share = Math.max(0, Math.min(1, left / Math.max(1, until - from)));
        row.className = left < 0 ? 'late' : share < URGENT ? 'urgent' : '';
        bar.style.width = `${(1 - share) * 100}%`;
    }
}
