// The dashboard's token. An API client's secret stays in this module's memory, where it renews the token while the page
// is open; what is kept in the tab (sessionStorage) is the token alone, which is good for minutes.

const KEY = 'red-steward.screen.token';
const TOKEN_PATH = '../v1/auth/client-token';
/** All that the page reads with it. */
const SCOPES = ['statistics:read', 'grids:read', 'divisions:read'];
/** A token is renewed when this part of its life is over. */
const RENEW_AFTER = 0.7;
const PATIENCE = 20000;

let credentials = null;
let lapsed = false;
let held = read();

/** What the server did not let in, by the key of the words for it. */
export class Refused extends Error {
    constructor(why) {
        super(why);
        this.why = why;
    }
}

function read() {
    try {
        const kept = JSON.parse(sessionStorage.getItem(KEY));
        if (typeof kept?.token === 'string' && kept.until > Date.now()) return kept;
        lapsed = kept !== null;
    } catch {
        lapsed = true;
    }
    sessionStorage.removeItem(KEY);
    return null;
}

function keep(answer) {
    const now = Date.now();
    const lives = answer.expires_in * 1000;
    held = { token: answer.access_token, from: now, until: now + lives, ahead: issuedAt(answer.access_token) - now };
    sessionStorage.setItem(KEY, JSON.stringify(held));
}

/** When the server says it issued the token (RFC 7519 `iat`): its clock counts, and this machine's may be wrong. */
function issuedAt(token) {
    try {
        const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
        return JSON.parse(atob(payload)).iat * 1000 || Date.now();
    } catch {
        return Date.now();
    }
}

export const isSignedIn = () => held !== null;

/** Whether the tab had a token that was over when the page was opened. */
export const hasLapsed = () => lapsed;

/** The server's time in milliseconds. */
export const serverNow = () => Date.now() + (held?.ahead ?? 0);

export function signOut() {
    credentials = null;
    held = null;
    sessionStorage.removeItem(KEY);
}

export async function signIn(id, secret) {
    const given = { id, secret };
    await exchange(given);
    credentials = given;
}

/** The reasons for which a secret does not open, by status. */
const REASONS = { 400: 'bad_id', 401: 'wrong_secret', 422: 'too_few_scopes', 429: 'too_many' };

async function exchange({ id, secret }) {
    let response;
    try {
        response = await fetch(new URL(TOKEN_PATH, import.meta.url), {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ client_id: id, client_secret: secret, scopes: SCOPES }),
            cache: 'no-store',
            signal: AbortSignal.timeout(PATIENCE),
        });
    } catch {
        throw new Refused('unreachable');
    }
    if (!response.ok) throw new Refused(REASONS[response.status] ?? 'unreachable');
    keep(await response.json());
}

/** Whether what the server said means that the secret itself no longer opens. */
const isFinal = (error) => ['wrong_secret', 'bad_id', 'too_few_scopes'].includes(error.why);

let renewal = null;

function renew() {
    renewal ??= exchange(credentials).finally(() => {
        renewal = null;
    });
    return renewal;
}

/** A token that is good now; renewed in good time where the secret is at hand. */
export async function token() {
    const now = Date.now();
    const due = !held || now > held.from + (held.until - held.from) * RENEW_AFTER;
    if (due && credentials) {
        try {
            await renew();
        } catch (error) {
            // It goes on with the token that it has, for as long as that is good.
            if (isFinal(error) || !held || held.until <= now) throw error;
        }
    }
    if (!held || held.until <= now) throw new Refused('token_expired');
    return held.token;
}

/** What to do where a token was answered 401: another one where the secret is at hand, else the form. */
export async function replace(refused) {
    if (held && held.token !== refused) return held.token;
    held = null;
    sessionStorage.removeItem(KEY);
    if (!credentials) throw new Refused('token_refused');
    await renew();
    return held.token;
}
