// From GeoJSON polygons to paths of a picture: cells, grouped by the area that they belong to, and each group's
// outline.

const WIDTH = 1000;

const ringsOf = (geometry) => {
    if (geometry?.type === 'Polygon') return geometry.coordinates;
    return geometry?.type === 'MultiPolygon' ? geometry.coordinates.flat() : [];
};

function boundsOf(points) {
    const bounds = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity };
    for (const [x, y] of points) {
        bounds.west = Math.min(bounds.west, x);
        bounds.east = Math.max(bounds.east, x);
        bounds.south = Math.min(bounds.south, y);
        bounds.north = Math.max(bounds.north, y);
    }
    return bounds;
}

/** Degrees to the picture's units: at one latitude, which a city is small enough for. */
function projection(bounds) {
    const narrow = Math.cos((((bounds.south + bounds.north) / 2) * Math.PI) / 180);
    const [wide, high] = [(bounds.east - bounds.west) * narrow || 1e-6, bounds.north - bounds.south || 1e-6];
    const scale = WIDTH / Math.max(wide, high);
    const to = ([x, y]) => [round((x - bounds.west) * narrow * scale), round((bounds.north - y) * scale)];
    return { to, width: round(wide * scale), height: round(high * scale) };
}

const round = (number) => Math.round(number * 10) / 10;
const path = (ring) => `M${ring.map((point) => point.join(' ')).join('L')}Z`;

/** The sides that no other cell of the group shares. */
function outline(rings) {
    const sides = new Map();
    for (const ring of rings) {
        for (let at = 1; at < ring.length; at += 1) {
            const ends = [ring[at - 1].join(' '), ring[at].join(' ')];
            const key = [...ends].sort().join('L');
            sides.set(key, sides.has(key) ? null : ends);
        }
    }
    return [...sides.values()]
        .filter(Boolean)
        .map(([from, to]) => `M${from}L${to}`)
        .join('');
}

/** Where a name fits: the middle of a group, at a size that goes with its width. */
function labelOf(rings) {
    const { west, east, south, north } = boundsOf(rings.flat());
    const size = round(Math.min((east - west) / 5, (north - south) / 3.2));
    return { x: round((west + east) / 2), y: round((south + north) / 2), size };
}

/** The cells of a FeatureCollection, grouped by the first `length` characters of their code. */
export function lattice(collection, length) {
    const features = collection.features.filter((feature) => ringsOf(feature.geometry).length > 0);
    if (features.length === 0) return { groups: [], width: WIDTH, height: WIDTH };
    const { to, width, height } = projection(boundsOf(features.flatMap(({ geometry }) => ringsOf(geometry).flat())));
    const groups = new Map();
    for (const { geometry, properties } of features) {
        const code = properties.code.slice(0, length);
        const rings = ringsOf(geometry).map((ring) => ring.map(to));
        if (!groups.has(code)) groups.set(code, { code, cells: [], rings: [] });
        const group = groups.get(code);
        group.cells.push({
            path: rings.map(path).join(''),
            middle: labelOf(rings),
            name: properties.name ?? '',
            code: properties.code,
        });
        group.rings.push(...rings);
    }
    const drawn = [...groups.values()].map(({ code, cells, rings }) => ({
        code,
        cells,
        edge: outline(rings),
        label: labelOf(rings),
        bounds: boundsOf(rings.flat()),
    }));
    return { groups: drawn, width, height };
}
