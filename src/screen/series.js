// Thirty days of cases, drawn by uPlot; the same as a table; and how long and where cases were handled.

import { levelName } from './codes.js';
import { byId, fill, h, show } from './dom.js';
import { count, parts, percent } from './format.js';
import { figureOf } from './tiles.js';
import { t } from './words.js';

const ACCEPTED = '#5aa2f0';
const CLOSED = '#f4c95d';
const INK = '#a9b7cd';
const LINES = '#22304b';

let plot = null;
let daily = [];
let asTable = false;

const day = (text) => Date.parse(`${text}T00:00:00Z`) / 1000;
const shortDay = (seconds) => new Date(seconds * 1000).toISOString().slice(5, 10);

/** uPlot draws on a canvas, which knows nothing of style sheets. */
const font = () => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    return `${Math.round(rem * 0.75)}px ${getComputedStyle(document.body).fontFamily}`;
};

function options(width, height) {
    const axis = { stroke: INK, font: font(), grid: { stroke: LINES, width: 1 }, ticks: { show: false } };
    return {
        width,
        height,
        padding: [8, 8, 0, 0],
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: {
            x: { range: (_, from, to) => [from - 43200, to + 43200] },
            y: { range: (_, least, most) => [Math.min(0, least), Math.max(5, most * 1.1)] },
        },
        axes: [
            {
                ...axis,
                size: 26,
                gap: 4,
                grid: { show: false },
                values: (_, splits) => splits.map(shortDay),
                space: 56,
            },
            {
                ...axis,
                size: 48,
                space: 32,
                incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000],
            },
        ],
        series: [
            {},
            {
                stroke: ACCEPTED,
                fill: 'rgba(90, 162, 240, 0.55)',
                width: 0,
                paths: uPlot.paths.bars({ size: [0.62, 40], radius: 0.2 }),
                points: { show: false },
            },
            { stroke: CLOSED, width: 2, points: { show: true, size: 5, fill: CLOSED } },
        ],
        hooks: { setCursor: [({ cursor }) => drawKey(daily[cursor.idx])] },
    };
}

function drawKey(at) {
    const key = (kind, word, number) =>
        h(
            'span',
            { class: `key-${kind}` },
            h('span', { class: 'swatch', 'aria-hidden': 'true' }),
            t(word),
            at && [' ', h('b', {}, count(number))],
        );
    fill(
        byId('series-key'),
        at && h('span', {}, at.day.slice(5)),
        key('accepted', 'accepted', at?.accepted),
        key('closed', 'closed', at?.closed),
    );
}

function drawChart() {
    const box = byId('chart');
    const { clientWidth: width, clientHeight: height } = box;
    if (width === 0 || height === 0 || typeof uPlot === 'undefined') return;
    plot?.destroy();
    const data = [daily.map((at) => day(at.day)), daily.map((at) => at.accepted), daily.map((at) => at.closed)];
    plot = new uPlot(options(width, height), data, box);
}

function about() {
    const sum = (key) => daily.reduce((total, at) => total + at[key], 0);
    const most = daily.reduce(
        (best, at) => (at.accepted > best.accepted ? at : best),
        daily[0] ?? { day: '', accepted: 0 },
    );
    return t('series_about', {
        accepted: count(sum('accepted')),
        closed: count(sum('closed')),
        day: most.day,
        most: count(most.accepted),
    });
}

function drawTable() {
    const head = (word) => h('th', { scope: 'col', class: word === 'day' ? '' : 'number' }, t(word));
    const row = (at) =>
        h(
            'tr',
            {},
            h('th', { scope: 'row' }, at.day),
            h('td', { class: 'number' }, count(at.accepted)),
            h('td', { class: 'number' }, count(at.closed)),
        );
    fill(
        byId('series-table'),
        h('thead', {}, h('tr', {}, head('day'), head('accepted'), head('closed'))),
        h('tbody', {}, [...daily].reverse().map(row)),
    );
}

function drawLevels(overview) {
    const levels = overview.figures.filter((figure) => figure.figure === 'closed_at_level' && figure.denominator > 0);
    const piece = (figure) =>
        h('span', {
            class: `level level-${figure.part}`,
            style: { 'flex-grow': String(figure.numerator) },
            'aria-hidden': 'true',
        });
    const name = (figure) =>
        h(
            'li',
            {},
            h('span', { class: `swatch level-${figure.part}`, 'aria-hidden': 'true' }),
            levelName(figure.part),
            ' ',
            h('b', {}, percent(figure)),
            ' ',
            h('span', { class: 'fine' }, parts(figure)),
        );
    fill(
        byId('levels'),
        levels.length > 0 && [
            h('h3', {}, t('levels')),
            h('div', { class: 'stack' }, levels.map(piece)),
            h('ul', {}, levels.map(name)),
        ],
    );
}

const FACTS = [
    ['accepted_per_day', 'per_day'],
    ['complaint_rate', 'per_mille'],
    ['complaint_rate_change', ''],
    ['intake_minutes', 'minutes'],
    ['coordination_minutes', 'minutes'],
    ['implementation_minutes', 'minutes'],
];

function drawFacts(overview) {
    const fact = ([key, unit]) => {
        const figure = figureOf(overview, key);
        if (!figure) return null;
        const value = figure.percent === null ? figure.value : `${figure.percent}%`;
        const word = key === 'complaint_rate_change' ? 'complaint_change' : key;
        return h(
            'div',
            { title: parts(figure) },
            h('dt', {}, t(word)),
            h(
                'dd',
                {},
                value === null ? '—' : value,
                ' ',
                value !== null && unit && h('span', { class: 'fine' }, t(unit)),
            ),
        );
    };
    fill(byId('facts'), FACTS.map(fact));
}

export function draw(overview) {
    daily = overview.daily;
    byId('chart').setAttribute('aria-label', about());
    const toggle = byId('series-toggle');
    toggle.textContent = t(asTable ? 'as_chart' : 'as_table');
    toggle.setAttribute('aria-pressed', String(asTable));
    drawKey();
    drawTable();
    drawLevels(overview);
    drawFacts(overview);
    turn();
}

function turn() {
    show(byId('series-scroll'), asTable);
    show(byId('chart'), !asTable);
    if (!asTable) drawChart();
}

export function begin() {
    byId('series-toggle').addEventListener('click', () => {
        asTable = !asTable;
        byId('series-toggle').textContent = t(asTable ? 'as_chart' : 'as_table');
        byId('series-toggle').setAttribute('aria-pressed', String(asTable));
        turn();
    });
    new ResizeObserver(() =>
        requestAnimationFrame(() => {
            const { clientWidth: width, clientHeight: height } = byId('chart');
            if (plot && width > 0 && height > 0 && (plot.width !== width || plot.height !== height))
                plot.setSize({ width, height });
            else if (!plot && daily.length > 0) drawChart();
        }),
    ).observe(byId('chart'));
}
