// The page: signs in, chooses an area, polls its overview and hands it to the panels.

import { Failed, Poll, all } from './api.js';
import * as boards from './boards.js';
import * as clocks from './clocks.js';
import { byId, fill, h, named, show } from './dom.js';
import * as feed from './feed.js';
import { dayOf, timeOfDay } from './format.js';
import * as map from './map.js';
import * as series from './series.js';
import * as session from './session.js';
import * as tiles from './tiles.js';
import { language, otherLanguage, speak, t, translate } from './words.js';

const MOST_DIVISIONS = 600;
/** Polls that may be missed before the data are called old. */
const MISSED = 4;
const COMMUNITY = 12;

const state = { area: null, overview: null, divisions: [], at: null, trouble: null };

const overviewPoll = new Poll({ path: () => `/areas/${state.area}/overview`, told: hear });

function address(changes) {
    const next = new URL(location.href);
    for (const [name, value] of Object.entries(changes)) next.searchParams.set(name, value);
    return next;
}

// Signing in and out

function showSignIn(why) {
    overviewPoll.stop();
    map.close();
    feed.close();
    Object.assign(state, { overview: null, at: null, trouble: null });
    show(byId('sign-in'), true);
    for (const id of ['board', 'sign-out', 'picker', 'live', 'now', 'banner']) show(byId(id), false);
    fill(byId('period'));
    byId('area-name').textContent = t('title');
    byId('sign-in-fault').textContent = why ? t(why) : '';
    byId('sign-in-fault').dataset.why = why ?? '';
    byId('client-id').focus();
}

function refused(error) {
    if (error instanceof session.Refused) showSignIn(error.why);
    else throw error;
}

async function signIn(event) {
    event.preventDefault();
    const [id, secret, go] = [byId('client-id'), byId('client-secret'), byId('sign-in-go')];
    go.disabled = true;
    go.textContent = t('signing_in');
    try {
        await session.signIn(id.value.trim(), secret.value);
        secret.value = '';
        await start();
    } catch (error) {
        byId('sign-in-fault').textContent = t(error.why ?? 'unreachable');
        byId('sign-in-fault').dataset.why = error.why ?? '';
        id.focus();
    } finally {
        go.disabled = false;
        go.textContent = t('sign_in');
    }
}

function signOut() {
    session.signOut();
    showSignIn();
}

// Areas

async function start() {
    try {
        state.divisions = await all('/divisions?status=open', MOST_DIVISIONS);
    } catch (error) {
        if (error instanceof session.Refused) return showSignIn(error.why);
        state.divisions = [];
    }
    const asked = new URLSearchParams(location.search).get('area');
    // By code, so the first one is what the client is for.
    const area = asked ?? state.divisions[0]?.code;
    show(byId('sign-in'), false);
    for (const id of ['board', 'sign-out', 'picker', 'live', 'now']) show(byId(id), true);
    if (!area) return say(t('no_area'));
    return go(area);
}

function go(area) {
    history.replaceState(null, '', address({ area }));
    Object.assign(state, { area, overview: null, at: null, trouble: null });
    show(byId('banner'), false);
    drawPicker();
    map.open(area, { go, refused });
    feed.open(communitiesOf(area));
    overviewPoll.start();
}

/** The screens that hang in an area: those of its communities, or of the one in which it lies. */
function communitiesOf(area) {
    if (area.length >= COMMUNITY) return [area.slice(0, COMMUNITY)];
    return state.divisions
        .map(({ code }) => code)
        .filter((code) => code.length === COMMUNITY && code.startsWith(area));
}

function drawPicker() {
    const least = Math.min(...state.divisions.map(({ code }) => code.length));
    const depth = (code) => [2, 4, 6, 9, 12].indexOf(code.length) - [2, 4, 6, 9, 12].indexOf(least);
    const option = ({ code, name }) =>
        h('option', { value: code, lang: 'zh-CN' }, `${'\u3000'.repeat(Math.max(0, depth(code)))}${name}`);
    const known = state.divisions.some(({ code }) => code === state.area);
    const other = !known && h('option', { value: state.area }, state.overview?.name || state.area);
    fill(byId('area'), other, state.divisions.map(option));
    byId('area').value = state.area;
}

// What the polls tell

function hear({ body, failed, wait, tries }) {
    if (failed instanceof session.Refused) {
        showSignIn(failed.why);
        return false;
    }
    if (failed) {
        state.trouble = { failed, wait, tries };
        drawTrouble();
        return ![400, 403, 404].includes(failed.status);
    }
    Object.assign(state, { at: session.serverNow(), trouble: null });
    if (body) state.overview = body;
    if (body) draw();
    drawTrouble();
    return true;
}

function say(text) {
    const banner = byId('banner');
    if (banner.textContent !== text) banner.textContent = text;
    show(banner, text !== '');
}

function drawTrouble() {
    const { trouble, at } = state;
    byId('live').className = trouble ? 'live off' : 'live';
    byId('live-text').textContent = trouble
        ? t('not_live')
        : at === null
          ? '…'
          : t('live_at', { time: timeOfDay(at) });
    if (!trouble) return say('');
    const { failed, wait: seconds, tries } = trouble;
    if (failed instanceof Failed && [400, 403, 404].includes(failed.status))
        return say(t('area_refused', { area: state.area }));
    const why = failed.why ?? t('unreachable');
    return say(
        at === null ? t('never', { why, seconds, tries }) : t('stale', { time: timeOfDay(at), why, seconds, tries }),
    );
}

/** A machine that slept has missed polls without one failing. */
function lookForSilence() {
    if (!session.isSignedIn() || state.at === null || state.trouble || document.hidden) return;
    if (session.serverNow() - state.at > MISSED * overviewPoll.every * 1000) overviewPoll.wake();
}

function draw() {
    const { overview } = state;
    if (!overview) return;
    fill(byId('area-name'), named(overview.name || overview.area));
    document.title = `${overview.name || overview.area} · ${t('product')}`;
    fill(
        byId('period'),
        h('span', {}, t('as_of', { day: overview.as_of })),
        h('span', {}, t('period', { from: overview.from, to: overview.to })),
    );
    drawPicker();
    tiles.draw(overview);
    clocks.draw(overview);
    series.draw(overview);
    boards.drawChildren(overview, go);
    boards.drawStars(overview);
    boards.drawRanking(overview, go);
    map.told(overview);
}

function tick() {
    const now = session.serverNow();
    byId('now-time').textContent = timeOfDay(now);
    byId('now-day').textContent = dayOf(now);
    clocks.tick();
    lookForSilence();
}

// Language

function turnLanguage(lang) {
    speak(lang);
    history.replaceState(null, '', address({ lang }));
    drawLanguage();
}

function drawLanguage() {
    translate(document);
    const button = byId('language');
    button.textContent = t('other_language');
    button.lang = otherLanguage() === 'zh' ? 'zh-CN' : 'en';
    document.title = `${t('product')} · ${t('title')}`;
    if (!byId('sign-in').hidden)
        byId('sign-in-fault').textContent = byId('sign-in-fault').dataset.why
            ? t(byId('sign-in-fault').dataset.why)
            : '';
    map.draw();
    feed.draw();
    draw();
    if (state.area) drawTrouble();
}

function begin() {
    byId('sign-in-form').addEventListener('submit', signIn);
    byId('sign-out').addEventListener('click', signOut);
    byId('language').addEventListener('click', () => turnLanguage(otherLanguage()));
    byId('area').addEventListener('change', (event) => go(event.target.value));
    byId('metric').addEventListener('change', (event) => map.choose(event.target.value));
    document.addEventListener('visibilitychange', () => {
        if (!document.hidden && state.area && session.isSignedIn()) overviewPoll.wake();
    });
    feed.begin();
    series.begin();
    speak(language());
    drawLanguage();
    setInterval(tick, 1000);
    setInterval(feed.tick, 20000);
    if (session.isSignedIn()) start();
    else showSignIn(session.hasLapsed() ? 'token_expired' : undefined);
}

begin();
