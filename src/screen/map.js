// The grid cells as a map, coloured by what the areas have; beside it the same numbers as a table.

import { Failed, Poll, get } from './api.js';
import { areaLink } from './boards.js';
import { byId, fill, h, s } from './dom.js';
import { count, shortName } from './format.js';
import { lattice } from './geometry.js';
import { language, t } from './words.js';

const METRICS = ['open', 'overdue', 'accepted'];
/** Colours behind the one of nothing. */
const STEPS = 4;
const STREET = 9;
const COMMUNITY = 12;
/** How much of what lies around a community is seen beside it, as a part of its size. */
const AROUND = 0.22;
/** What lies below a street changes slower than what a whole screen shows. */
const PACE = 4;

let shown = null;
let metric = 'open';

/** A community is shown among its neighbours where the token sees them. */
const widest = (area) => (area.length >= COMMUNITY ? area.slice(0, STREET) : area);

export function choose(known) {
    metric = METRICS.includes(known) ? known : 'open';
    draw();
}

export function open(area, { go, refused }) {
    close();
    shown = { area, go, refused, cells: null, fault: null, lines: new Map(), polls: [], drawn: null };
    load(shown);
}

export function close() {
    shown?.polls.forEach((poll) => poll.stop());
    shown = null;
}

async function load(here) {
    const { area } = here;
    try {
        here.cells = lattice(await boundaries(area), COMMUNITY);
    } catch (error) {
        if (!(error instanceof Failed)) return here.refused(error);
        here.fault = error;
    }
    if (here === shown) draw();
    return undefined;
}

async function boundaries(area) {
    const asked = (within) => get(`/grids?format=geojson&area=${within}`).then(({ body }) => body);
    try {
        return await asked(widest(area));
    } catch (error) {
        const mayNot = error instanceof Failed && [403, 404].includes(error.status) && area.length >= COMMUNITY;
        if (!mayNot) throw error;
        return asked(area.slice(0, COMMUNITY));
    }
}

/** What is polled beside the overview: the communities of each street of a district, or a community's neighbours. */
function streetsOf(overview) {
    const { area, children } = overview;
    if (area.length < STREET) return children.map((child) => child.code).filter((code) => code.length === STREET);
    return area.length >= COMMUNITY ? [widest(area)] : [];
}

export function told(overview) {
    if (!shown || shown.area !== overview.area) return;
    const own = {
        code: overview.area.slice(0, COMMUNITY),
        name: overview.name,
        open: overview.cases.open,
        overdue: overview.cases.overdue,
        accepted: overview.daily.reduce((sum, day) => sum + day.accepted, 0),
    };
    if (overview.area.length < COMMUNITY) overview.children.forEach((child) => shown.lines.set(child.code, child));
    else if (overview.area.length === COMMUNITY) shown.lines.set(own.code, own);
    shown.name = overview.name;
    if (shown.polls.length === 0) follow(shown, streetsOf(overview));
    draw();
}

function follow(here, streets) {
    here.polls = streets.map(
        (street) =>
            new Poll({
                path: () => `/areas/${street}/overview?fields=children`,
                pace: PACE,
                told: ({ body, failed }) => {
                    if (failed) return failed instanceof Failed && ![403, 404].includes(failed.status);
                    body?.children.forEach((child) => here.lines.set(child.code, child));
                    if (body && here === shown) draw();
                    return true;
                },
            }),
    );
    here.polls.forEach((poll) => poll.start());
}

function scaleOf(values) {
    const most = Math.max(0, ...values);
    const size = Math.max(1, Math.ceil(most / STEPS));
    return { size, most, step: (value) => (value > 0 ? Math.min(STEPS, Math.ceil(value / size)) : 0) };
}

export function draw() {
    drawChoice();
    if (!shown) return;
    const places = shown.cells?.groups ?? [];
    const lines = places.map((place) => shown.lines.get(place.code)).filter(Boolean);
    const scale = scaleOf(lines.map((line) => line[metric]));
    drawMap(places, scale);
    drawLegend(scale, places);
    drawTable(lines, scale);
}

function drawChoice() {
    const option = (key) => h('option', { value: key }, t(`by_${key}`));
    const select = byId('metric');
    if (select.dataset.lang !== language()) {
        select.replaceChildren(...METRICS.map(option));
        select.dataset.lang = language();
    }
    select.value = metric;
}

function drawMap(places, scale) {
    const box = byId('map');
    if (places.length === 0) {
        const why = shown.fault ? t('map_refused', { why: shown.fault.why }) : shown.cells ? t('no_map') : '…';
        fill(box, h('p', { class: 'empty' }, why));
        return;
    }
    if (shown.drawn === null) {
        shown.drawn = new Map(places.map((place) => [place.code, group(place)]));
        fill(box, picture(places));
    }
    const svg = box.firstElementChild;
    const cells = places.reduce((sum, place) => sum + place.cells.length, 0);
    svg.setAttribute(
        'aria-label',
        t('map_about', {
            area: shown.name ?? '',
            cells: count(cells),
            areas: places.length,
            metric: t(`by_${metric}`),
        }),
    );
    places.forEach((place) => paint(shown.drawn.get(place.code), place, scale));
}

const isChosen = (place) => shown.area.startsWith(place.code);

function paint(drawn, place, scale) {
    const line = shown.lines.get(place.code);
    const step = line ? scale.step(line[metric]) : 'none';
    drawn.setAttribute('class', `place step-${step}${isChosen(place) ? ' chosen' : ''}`);
    drawn.querySelector('.number').textContent = line ? count(line[metric]) : '';
    drawn.querySelector('.name').textContent = line ? shortName(line.name) : '';
    drawn.querySelector('title').textContent = line
        ? `${line.name}: ${METRICS.map((key) => `${t(`by_${key}`)} ${count(line[key])}`).join(', ')}`
        : '';
}

/** The links are in the table; the picture's own are for the mouse. */
function group(place) {
    const { x, y, size } = place.label;
    const cell = ({ path, name }) => s('path', { class: 'cell', d: path }, name && s('title', {}, name));
    const serial = ({ code, middle }) =>
        s(
            'text',
            { class: 'serial', x: middle.x, y: middle.y + middle.size * 0.4, 'font-size': middle.size * 1.2 },
            String(Number(code.slice(COMMUNITY))),
        );
    return s(
        'g',
        { on: { click: () => shown?.go(place.code) } },
        s('title'),
        place.cells.map(cell),
        s('path', { class: 'edge', d: place.edge }),
        isChosen(place) && place.cells.map(serial),
        s('text', { class: 'name', x, y: y - size * 0.1, 'font-size': size }),
        s('text', { class: 'number', x, y: y + size * 1.15, 'font-size': size * 1.1 }),
    );
}

/** The chosen one on top, so that no neighbour covers its edge. */
function picture(places) {
    const near = places.find(isChosen);
    const order = [...places].sort((a, b) => Number(isChosen(a)) - Number(isChosen(b)));
    return s(
        'svg',
        { viewBox: frame(near), class: near ? 'near' : '', role: 'img', preserveAspectRatio: 'xMidYMid meet' },
        order.map((place) => shown.drawn.get(place.code)),
    );
}

/** All of it, or a community with what lies around it. */
function frame(near) {
    if (!near) return `0 0 ${shown.cells.width} ${shown.cells.height}`;
    const { west, east, south, north } = near.bounds;
    const [wide, high] = [(east - west) * AROUND, (north - south) * AROUND];
    return [west - wide, south - high, east - west + 2 * wide, north - south + 2 * high].join(' ');
}

function drawLegend({ size, most, step }, places) {
    const cells = places.reduce((sum, place) => sum + place.cells.length, 0);
    const range = (at) =>
        at === 0 ? '0' : size === 1 ? String(at) : `${count((at - 1) * size + 1)}–${count(at * size)}`;
    const key = (at) =>
        h('span', { class: 'step' }, h('span', { class: `swatch step-${at}`, 'aria-hidden': 'true' }), range(at));
    const steps = Array.from({ length: step(most) + 1 }, (_, at) => at);
    fill(
        byId('legend'),
        places.length > 0 && [steps.map(key), h('span', { class: 'fine' }, t('cells', { n: count(cells) }))],
    );
}

function drawTable(lines, { most }) {
    byId('places-region').setAttribute('aria-label', `${t('map')}: ${t(`by_${metric}`)}`);
    const sorted = [...lines].sort((a, b) => b[metric] - a[metric] || (a.code < b.code ? -1 : 1));
    const row = (line) =>
        h(
            'tr',
            { class: isChosen(line) ? 'chosen' : '' },
            h('th', { scope: 'row' }, areaLink(line.code, shortName(line.name), shown.go)),
            h(
                'td',
                { class: 'bar' },
                h('span', {
                    class: 'fill',
                    style: { width: `${most > 0 ? (Math.max(0, line[metric]) / most) * 100 : 0}%` },
                }),
            ),
            h('td', { class: 'number', 'data-place': line.code }, count(line[metric])),
        );
    fill(
        byId('places'),
        h(
            'thead',
            { class: 'hidden' },
            h(
                'tr',
                {},
                h('th', { scope: 'col' }, t('place')),
                h('td', {}),
                h('th', { scope: 'col' }, t(`by_${metric}`)),
            ),
        ),
        h('tbody', {}, sorted.map(row)),
    );
}
