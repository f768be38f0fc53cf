// Reads from the public API, and polling as it asks for: with the tag of what one has, at the pace that it names.

import * as session from './session.js';
import { t } from './words.js';

const PATIENCE = 20000;
const MOST_SECONDS = 300;

/** An answer that is no success, or none at all (`status` 0). */
export class Failed extends Error {
    constructor(status, retryAfter) {
        super(String(status));
        this.status = status;
        this.retryAfter = retryAfter;
    }

    get why() {
        if (this.status === 0) return t('unreachable');
        if (this.status === 429) return t('too_many');
        return t('failed', { status: this.status });
    }
}

const seconds = (response, header) => {
    const value = Number(response.headers.get(header));
    return Number.isFinite(value) && value > 0 ? value : null;
};

async function ask(path, headers) {
    try {
        return await fetch(new URL(`../v1${path}`, import.meta.url), {
            headers,
            cache: 'no-store',
            credentials: 'omit',
            signal: AbortSignal.timeout(PATIENCE),
        });
    } catch {
        throw new Failed(0, null);
    }
}

/** One read. `body` is null where what the tag names is unchanged. */
export async function get(path, { tag = null, open = false } = {}) {
    const headers = tag ? { 'If-None-Match': tag } : {};
    const bearer = open ? null : await session.token();
    let response = await ask(path, open ? headers : { ...headers, Authorization: `Bearer ${bearer}` });
    if (response.status === 401 && !open) {
        const other = await session.replace(bearer);
        response = await ask(path, { ...headers, Authorization: `Bearer ${other}` });
        if (response.status === 401) {
            session.signOut();
            throw new session.Refused('token_refused');
        }
    }
    const every = seconds(response, 'X-Poll-Interval');
    if (response.status === 304) return { body: null, tag, every };
    if (!response.ok) throw new Failed(response.status, seconds(response, 'Retry-After'));
    try {
        return { body: await response.json(), tag: response.headers.get('ETag'), every };
    } catch {
        throw new Failed(0, null);
    }
}

/** Every item of a list that pages, to `most` of them. */
export async function all(path, most) {
    const items = [];
    let cursor = '';
    do {
        const page = await get(`${path}&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
        items.push(...page.body.items);
        cursor = page.body.next_cursor;
    } while (cursor && items.length < most);
    return items;
}

/** Not all screens of a building at the same moment. */
const jitter = (wait) => wait * (0.9 + Math.random() * 0.2);

/**
 * Asks for `path()` again and again. `told({ body })` hears what is new, `told({ failed, wait, tries })` what went
 * wrong, `told({})` that nothing has changed. `pace` is how many of the named intervals it lets pass: 1, or more for
 * what may be older. While nobody looks at the page it rests.
 */
export class Poll {
    constructor({ path, open = false, every = 15, pace = 1, told }) {
        Object.assign(this, { path, open, every, pace, told, tag: null, tries: 0, timer: null, run: 0 });
    }

    start() {
        this.stop();
        this.tag = null;
        this.tries = 0;
        this.#next(0);
    }

    stop() {
        clearTimeout(this.timer);
        this.run += 1;
    }

    /** At once, for one who has just come back to the page. */
    wake() {
        clearTimeout(this.timer);
        this.#next(0);
    }

    #next(wait) {
        const run = this.run;
        this.timer = setTimeout(() => this.#ask(run), wait * 1000);
    }

    async #ask(run) {
        if (document.hidden) return this.#next(this.every);
        let wait;
        try {
            const answer = await get(this.path(), { tag: this.tag, open: this.open });
            if (run !== this.run) return undefined;
            [this.tag, this.tries, this.every] = [answer.tag, 0, answer.every ?? this.every];
            wait = jitter(this.every * this.pace);
            this.told(answer.body ? { body: answer.body } : {});
        } catch (failed) {
            if (run !== this.run) return undefined;
            this.tries += 1;
            const backed = jitter(Math.min(MOST_SECONDS, this.every * 2 ** Math.min(this.tries - 1, 6)));
            wait = Math.ceil(Math.max(backed, failed.retryAfter ?? 0));
            if (this.told({ failed, wait, tries: this.tries }) === false) return undefined;
        }
        return this.#next(wait);
    }
}
