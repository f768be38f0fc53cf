// What a program of an integrator does, through the generated SDK, against the demo: `node smoke.ts http://127.0.0.1:8080`.
// Every step of it is described in docs/integrating.md.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { type Client, createClient, createConfig } from '../generated/typescript/client/index.ts';
import {
    createApiClient,
    createGrid,
    getCompound,
    getGrid,
    issueClientToken,
    listCompounds,
    listEvents,
    listGrids,
    listPersons,
    logIn,
    updateGrid,
} from '../generated/typescript/sdk.gen.ts';
import type { GridIn, GridOut, Problem } from '../generated/typescript/types.gen.ts';

const AREA = '620902005003';

const baseUrl = process.argv[2];
assert(baseUrl, 'usage: smoke.ts BASE_URL');

function open(token?: string): Client {
    return createClient(createConfig({ baseUrl, ...(token === undefined ? {} : { auth: token }) }));
}

async function loggedIn(username: string): Promise<Client> {
    const password = `demo-${username.replaceAll('.', '-')}-2024`;
    const { data } = await logIn({ client: open(), body: { username, password }, throwOnError: true });
    return open(data.access_token);
}

async function* everyGrid(client: Client, limit: number): AsyncGenerator<GridOut> {
    let cursor: string | undefined;
    do {
        const query = { area: AREA, limit, ...(cursor === undefined ? {} : { cursor }) };
        const { data } = await listGrids({ client, query, throwOnError: true });
        yield* data.items;
        cursor = data.next_cursor ?? undefined;
    } while (cursor !== undefined);
}

async function pages(client: Client): Promise<GridOut> {
    const { data } = await listGrids({ client, query: { area: AREA, limit: 1, include: 'total' }, throwOnError: true });
    const grids: GridOut[] = [];
    for await (const grid of everyGrid(client, 7)) {
        grids.push(grid);
    }
    assert(grids.length > 7, 'the list has several pages');
    assert.equal(grids.length, data.total);
    assert.equal(new Set(grids.map((grid) => grid.id)).size, grids.length, 'no grid comes twice');
    const first = grids[0];
    assert(first);
    return first;
}

async function isRefused(): Promise<void> {
    const { error, response } = await logIn({ client: open(), body: { username: 'nobody', password: 'wrong' } });
    assert.equal(response?.status, 401);
    const problem: Problem | undefined = error;
    assert(problem?.request_id);
}

async function namesTheFault(client: Client): Promise<void> {
    const body: GridIn = { community_code: AREA, level: 9, kind: 'basic', name: '' };
    const { data, error, response } = await createGrid({ client, body });
    assert.equal(data, undefined);
    assert.equal(response?.status, 422);
    assert.equal(error?.code, 'invalid');
    const pointers = new Set((error.errors ?? []).map((fault) => fault.pointer));
    assert.deepEqual(pointers, new Set(['#/level', '#/name']));
}

async function saysTheSameTwice(client: Client): Promise<GridOut> {
    const body: GridIn = { community_code: AREA, level: 3, kind: 'basic', name: 'SDK 试用网格 (TypeScript)' };
    const headers = { 'Idempotency-Key': randomUUID() };
    const once = await createGrid({ client, body, headers, throwOnError: true });
    const twice = await createGrid({ client, body, headers, throwOnError: true });
    assert.equal(twice.data.id, once.data.id, 'one key makes one grid');
    assert.equal(twice.response.headers.get('Idempotency-Replayed'), 'true');
    return once.data;
}

/** The header and the body tell the same version. */
function tag(version: number): string {
    return `"v${version}"`;
}

async function losesAndWinsARace(client: Client, id: string): Promise<void> {
    const path = { id };
    const mine = await getGrid({ client, path, throwOnError: true });
    assert.equal(mine.response.headers.get('ETag'), tag(mine.data.version));
    const theirs = { client, path, headers: { 'If-Match': tag(mine.data.version) } };
    const changed = await updateGrid({ ...theirs, body: { households: 181 }, throwOnError: true });
    assert.equal(changed.data.version, mine.data.version + 1);

    const late = await updateGrid({ ...theirs, body: { residents: 640 } });
    assert.equal(late.response?.status, 412);
    assert.equal(late.error?.code, 'version_stale');

    const again = await getGrid({ client, path, throwOnError: true });
    const headers = { 'If-Match': tag(again.data.version) };
    const done = await updateGrid({ client, path, headers, body: { residents: 640 }, throwOnError: true });
    assert.deepEqual([done.data.households, done.data.residents], [181, 640]);
}

/** The types do not let a program forget the version, so this one goes round them. */
async function forgetsTheVersion(client: Client, id: string): Promise<void> {
    const { error, response } = await client.patch<unknown, { 428: Problem }>({
        url: '/v1/grids/{id}',
        path: { id },
        body: { households: 182 },
        headers: { 'Content-Type': 'application/json' },
        security: [{ scheme: 'bearer', type: 'http' }],
    });
    assert.equal(response?.status, 428);
    assert.equal(error?.errors?.[0]?.header, 'If-Match');
}

async function isToldThatNothingChanged(client: Client): Promise<void> {
    const list = await listCompounds({ client, query: { area: AREA, limit: 1 }, throwOnError: true });
    const path = { id: list.data.items[0]?.id ?? '' };
    const read = await getCompound({ client, path, throwOnError: true });
    const polled = await getCompound({ client, path, headers: { 'If-None-Match': tag(read.data.version) } });
    assert.equal(polled.response?.status, 304);
}

async function hearsOfEvents(client: Client, id: string): Promise<void> {
    const heard: string[] = [];
    let after = '0';
    for (let more = true; more; ) {
        const { data } = await listEvents({ client, query: { after, limit: 100 }, throwOnError: true });
        heard.push(...data.items.filter((event) => event.entity_id === id).map((event) => event.event));
        [after, more] = [data.next, data.has_more];
    }
    assert.deepEqual(heard, ['grid.created', 'grid.changed', 'grid.changed']);
}

/** One of two models, told apart by `view`. */
async function tellsViewsApart(client: Client): Promise<void> {
    const { data } = await listPersons({ client, query: { area: AREA, limit: 5 }, throwOnError: true });
    assert(data.items.length > 0);
    for (const person of data.items) {
        assert(person.view === 'staff', 'the community worker is staff here');
        assert(['none', 'probationary', 'formal'].includes(person.party_status));
    }
}

async function isAMachine(coordinator: Client): Promise<void> {
    const body = { name: `SDK ${randomUUID()}`, area_code: AREA, scopes: ['grids:read'] };
    const made = await createApiClient({ client: coordinator, body, throwOnError: true });
    const credentials = { client_id: made.data.client.id, client_secret: made.data.client_secret };
    const { data } = await issueClientToken({ client: open(), body: credentials, throwOnError: true });
    const machine = open(data.access_token);
    assert((await listGrids({ client: machine, query: { area: AREA }, throwOnError: true })).data.items.length > 0);
    const refused = await listPersons({ client: machine });
    assert.deepEqual([refused.response?.status, refused.error?.required_scope], [403, 'persons:read']);
}

const worker = await loggedIn('worker.tongdexiang');
await isRefused();
await pages(worker);
await namesTheFault(worker);
const grid = await saysTheSameTwice(worker);
await losesAndWinsARace(worker, grid.id);
await forgetsTheVersion(worker, grid.id);
await isToldThatNothingChanged(worker);
await hearsOfEvents(worker, grid.id);
await tellsViewsApart(worker);
await isAMachine(await loggedIn('coord.suzhou'));
console.log('TypeScript: ok');
