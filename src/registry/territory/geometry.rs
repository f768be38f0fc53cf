//! Grid boundaries: GeoJSON polygons in WGS 84, checked once and compared by geo.

use geo::{BoundingRect, Contains, Coord, Intersects, Point, Polygon, Relate, Validation};
use geojson::{Geometry, GeometryValue};
use platform::Result;
use serde_json::Value;

use super::rules;

/// More positions than this is a survey, not a grid on a map.
const MAX_POSITIONS: usize = 2000;
const MICRO: f64 = 1e6;

/// A valid polygon and its bounding box in millionths of a degree, rounded outwards.
#[derive(Debug, Clone)]
pub struct Shape {
    polygon: Polygon<f64>,
    pub min_lon: i32,
    pub min_lat: i32,
    pub max_lon: i32,
    pub max_lat: i32,
}

/// Reads a GeoJSON Polygon; anything else, and a polygon that crosses itself or leaves the earth, is refused.
pub fn read(value: &Value) -> Result<Shape> {
    parse(value).ok_or_else(|| rules::POLYGON_INVALID.at("/polygon"))
}

fn parse(value: &Value) -> Option<Shape> {
    let geometry: Geometry = serde_json::from_value(value.clone()).ok()?;
    let GeometryValue::Polygon { coordinates: rings } = &geometry.value else { return None };
    let positions: usize = rings.iter().map(Vec::len).sum();
    let closed = rings.iter().all(|ring| ring.len() >= 4 && ring.first() == ring.last());
    let on_earth = rings.iter().flatten().all(|position| {
        let degrees: &[f64] = position.as_slice();
        matches!(degrees, [lon, lat, ..] if (-180.0..=180.0).contains(lon) && (-90.0..=90.0).contains(lat))
    });
    if rings.is_empty() || positions > MAX_POSITIONS || !closed || !on_earth {
        return None;
    }
    let polygon = Polygon::<f64>::try_from(&geometry).ok()?;
    let bounds: geo::Rect<f64> = polygon.bounding_rect().filter(|_| polygon.is_valid())?;
    Some(Shape {
        min_lon: micro((bounds.min().x * MICRO).floor()),
        min_lat: micro((bounds.min().y * MICRO).floor()),
        max_lon: micro((bounds.max().x * MICRO).ceil()),
        max_lat: micro((bounds.max().y * MICRO).ceil()),
        polygon,
    })
}

/// Degrees are within ±180, so millionths of them fit in 32 bits.
fn micro(scaled: f64) -> i32 {
    scaled as i32
}

/// A coordinate as the bounding boxes are stored.
pub fn to_micro(degrees: f64) -> i32 {
    micro((degrees * MICRO).round())
}

/// Whether two areas have more in common than a border.
pub fn overlap(a: &Shape, b: &Shape) -> bool {
    if !a.polygon.intersects(&b.polygon) {
        return false;
    }
    let relation = a.polygon.relate(&b.polygon);
    relation.is_overlaps() || relation.is_contains() || relation.is_within() || relation.is_equal_topo()
}

/// Whether the area covers a point; a point on the border belongs to it.
pub fn covers(shape: &Shape, lon: f64, lat: f64) -> bool {
    let point = Point(Coord { x: lon, y: lat });
    shape.polygon.contains(&point) || shape.polygon.intersects(&point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn square(lon: f64, lat: f64, side: f64) -> Value {
        json!({ "type": "Polygon", "coordinates": [[[lon, lat], [lon + side, lat], [lon + side, lat + side],
            [lon, lat + side], [lon, lat]]] })
    }

    #[test]
    fn neighbours_touch_and_overlapping_areas_overlap() {
        let a = read(&square(98.49, 39.73, 0.01)).expect("valid");
        let neighbour = read(&square(98.50, 39.73, 0.01)).expect("valid");
        let overlapping = read(&square(98.495, 39.735, 0.01)).expect("valid");
        let inside = read(&square(98.492, 39.732, 0.001)).expect("valid");
        assert!(!overlap(&a, &neighbour) && overlap(&a, &overlapping) && overlap(&a, &inside) && overlap(&a, &a));
    }

    #[test]
    fn a_border_point_belongs_to_the_area() {
        let a = read(&square(98.0, 39.0, 1.0)).expect("valid");
        assert!(covers(&a, 98.0, 39.5) && covers(&a, 98.5, 39.5) && !covers(&a, 97.9, 39.5));
    }

    #[test]
    fn what_is_no_polygon_is_refused() {
        let bow_tie = json!({ "type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]] });
        let open = json!({ "type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]] });
        let off_earth = square(180.0, 0.0, 1.0);
        for value in [bow_tie, open, off_earth, json!({ "type": "Point", "coordinates": [0, 0] }), json!({}), json!([])]
        {
            assert!(read(&value).is_err(), "{value}");
        }
    }
}
