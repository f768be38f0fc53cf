// The tables: areas below, stars and the ranking.

import { byId, fill, h, named } from './dom.js';
import { count, hundredths, parts, percent } from './format.js';
import { t } from './words.js';

const number = (...content) => h('td', { class: 'number' }, ...content);
const heading = (text, kind = '') => h('th', { scope: 'col', class: kind }, text);

function shareCell(figure) {
    return number(
        h('span', { class: 'share' }, figure.denominator === 0 ? '—' : percent(figure)),
        h('span', { class: 'fine' }, parts(figure)),
    );
}

/** A link to a place that opens it without leaving the page, for the token stays with the tab. */
export function areaLink(area, name, go) {
    const address = new URL(location.href);
    address.searchParams.set('area', area);
    const open = (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(area);
    };
    return h('a', { href: address.search, 'data-key': `area-${area}`, on: { click: open } }, named(name));
}

const BELOW = { 6: 'children_streets', 9: 'children_communities', 12: 'children_compounds' };

export function drawChildren(overview, go) {
    byId('children-title').textContent = t(BELOW[overview.area.length] ?? 'children');
    if (overview.children.length === 0) {
        fill(byId('children'), h('tbody', {}, h('tr', {}, h('td', { class: 'empty' }, t('no_children')))));
        return;
    }
    const row = (child) =>
        h(
            'tr',
            {},
            h('th', { scope: 'row' }, areaLink(child.code, child.name, go)),
            number(count(child.open)),
            number(child.overdue > 0 ? h('b', { class: 'bad' }, count(child.overdue)) : '0'),
            number(count(child.accepted)),
            shareCell(child.on_time),
            shareCell(child.satisfaction),
            shareCell(child.coverage),
        );
    const head = ['open', 'overdue', 'by_accepted', 'col_on_time', 'col_satisfied', 'col_coverage'];
    const sorted = [...overview.children].sort(
        (a, b) => b.open - a.open || b.accepted - a.accepted || (a.code < b.code ? -1 : 1),
    );
    fill(
        byId('children'),
        h(
            'thead',
            {},
            h(
                'tr',
                {},
                heading(t('place')),
                head.map((word) => heading(t(word), 'number')),
            ),
        ),
        h('tbody', {}, sorted.map(row)),
    );
}

const quarter = ({ year, quarter: of }) => (year === null ? '' : t('quarter', { year, quarter: of }));
const starsOf = (star) => (star > 0 ? '★'.repeat(star) : t('no_star'));

export function drawStars({ stars }) {
    byId('stars-note').textContent = quarter(stars);
    if (stars.rated === 0) {
        fill(byId('stars'), h('tbody', {}, h('tr', {}, h('td', { class: 'empty' }, t('no_stars')))));
        byId('stars-sum').textContent = '';
        return;
    }
    const most = Math.max(...stars.stars.map(({ projects }) => projects.numerator), 1);
    const row = ({ star, projects }) =>
        h(
            'tr',
            {},
            h(
                'th',
                { scope: 'row' },
                h('span', { class: star > 0 ? 'gold' : 'none', 'aria-hidden': 'true' }, starsOf(star)),
                h('span', { class: 'hidden' }, `${star} ${t('star')}`),
            ),
            h(
                'td',
                { class: 'bar' },
                h('span', { class: `fill star-${star}`, style: { width: `${(projects.numerator / most) * 100}%` } }),
            ),
            h(
                'td',
                { class: 'number' },
                h('b', { 'data-star': String(star) }, count(projects.numerator)),
                h('span', { class: 'fine' }, percent(projects)),
            ),
        );
    const head = h(
        'thead',
        { class: 'hidden' },
        h('tr', {}, heading(t('star')), heading(''), heading(`${t('projects')}, ${t('share')}`)),
    );
    fill(byId('stars'), head, h('tbody', {}, stars.stars.map(row)));
    fill(
        byId('stars-sum'),
        h('span', {}, t('three_and_above')),
        ' ',
        h('b', {}, percent(stars.three_and_above)),
        ' ',
        h('span', { class: 'fine', 'data-parts': 'three_and_above' }, parts(stars.three_and_above)),
    );
}

function moved(movement) {
    if (movement === null) return h('span', { class: 'fine' }, t('fresh'));
    if (movement === 0)
        return h(
            'span',
            { class: 'fine' },
            h('span', { 'aria-hidden': 'true' }, '–'),
            h('span', { class: 'hidden' }, t('same')),
        );
    const [sign, word, kind] = movement > 0 ? ['▲', 'up', 'good'] : ['▼', 'down', 'bad'];
    const by = Math.abs(movement);
    return h(
        'span',
        { class: kind },
        h('span', { 'aria-hidden': 'true' }, `${sign}${by}`),
        h('span', { class: 'hidden' }, t(word, { n: by })),
    );
}

export function drawRanking({ ranking }, go) {
    byId('ranking-note').textContent = quarter(ranking);
    if (ranking.top.length === 0) {
        fill(byId('ranking'), h('tbody', {}, h('tr', {}, h('td', { class: 'empty' }, t('no_ranking')))));
        return;
    }
    const row = (project) =>
        h(
            'tr',
            {},
            h('td', { class: `number rank rank-${project.rank}` }, String(project.rank)),
            h('td', { class: 'number moved' }, moved(project.movement)),
            h(
                'th',
                { scope: 'row' },
                areaLink(project.area_code, project.compound_name, go),
                project.company_name && h('span', { class: 'fine' }, named(project.company_name)),
            ),
            number(
                h('b', {}, hundredths(project.score)),
                h(
                    'span',
                    { class: 'fine gold' },
                    h('span', { 'aria-hidden': 'true' }, starsOf(project.star)),
                    h('span', { class: 'hidden' }, `${project.star} ${t('star')}`),
                ),
            ),
        );
    fill(
        byId('ranking'),
        h(
            'thead',
            {},
            h(
                'tr',
                {},
                heading(t('rank')),
                heading(t('movement')),
                heading(t('project')),
                heading(t('score'), 'number'),
            ),
        ),
        h('tbody', {}, ranking.top.map(row)),
    );
}
