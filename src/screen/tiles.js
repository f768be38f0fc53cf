// The large figures at the top, each share with both of its parts.

import { byId, fill, h } from './dom.js';
import { count, parts, percent } from './format.js';
import { t } from './words.js';

const tile = (key, title, ...content) =>
    h('article', { class: `tile ${key}`, 'data-tile': key }, h('h2', {}, title), ...content);

const small = (label, number, kind = '') =>
    h('span', { class: `small-figure ${kind}` }, h('span', {}, label), ' ', h('b', {}, count(number)));

/** Of a gauge; what is more than all, or less than nothing, fits in it too. */
const widthOf = ({ percent: share }) => Math.max(0, Math.min(100, Number(share)));

function share(key, title, figure) {
    const told = figure && figure.denominator !== 0;
    return tile(
        key,
        title,
        h('p', { class: 'figure' }, told ? percent(figure) : '—'),
        h(
            'div',
            { class: 'gauge', 'aria-hidden': 'true' },
            h('span', { style: { width: told ? `${widthOf(figure)}%` : '0' } }),
        ),
        h('p', { class: 'parts', 'data-parts': key }, told ? parts(figure) : t('nothing')),
    );
}

function today(cases) {
    const steps = [
        ['reported', cases.reported_today],
        ['accepted', cases.accepted_today],
        ['closed', cases.closed_today],
    ];
    const step = ([word, number]) =>
        h('div', {}, h('dt', {}, t(word)), h('dd', { 'data-figure': `${word}_today` }, count(number)));
    return tile('today', t('today'), h('dl', { class: 'three' }, steps.map(step)));
}

function open(cases) {
    return tile(
        'open',
        t('open'),
        h('p', { class: 'figure', 'data-figure': 'open' }, count(cases.open)),
        h(
            'p',
            { class: 'parts' },
            small(t('overdue'), cases.overdue, cases.overdue > 0 ? 'bad' : ''),
            small(t('due_today'), cases.due_today),
        ),
    );
}

function meetings(held) {
    return tile(
        'meetings',
        t('meetings'),
        h('p', { class: 'figure', 'data-figure': 'sessions' }, count(held.sessions)),
        h('p', { class: 'parts' }, t('sessions_of', { n: count(held.joint) })),
    );
}

function actions(held) {
    return tile(
        'actions',
        t('actions'),
        h('p', { class: 'figure', 'data-figure': 'open_actions' }, count(held.open_actions)),
        h(
            'p',
            { class: 'parts' },
            small(t('overdue'), held.overdue_actions, held.overdue_actions > 0 ? 'bad' : ''),
            h(
                'span',
                { class: 'small-figure' },
                h('span', {}, t('actions_on_time')),
                ' ',
                h('b', {}, parts(held.actions_on_time)),
            ),
        ),
    );
}

export const figureOf = (overview, key) =>
    overview.figures.find((figure) => figure.figure === key && figure.part === null);

export function draw(overview) {
    const figure = (key) => figureOf(overview, key);
    fill(
        byId('tiles'),
        today(overview.cases),
        open(overview.cases),
        share('on_time', t('on_time'), figure('on_time_closure')),
        share('satisfaction', t('satisfaction'), figure('visit_satisfaction')),
        share('coverage', t('coverage'), figure('service_coverage')),
        meetings(overview.meetings),
        share('yield', t('yield'), overview.meetings.yield_rate),
        actions(overview.meetings),
    );
}
