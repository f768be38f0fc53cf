//! What a report says of where it is.

use platform::Result;

use super::HALF_POINT;

/// The point that is given, whole or not at all.
pub fn point_of(lat: Option<f64>, lon: Option<f64>) -> Result<Option<(f64, f64)>> {
    match (lat, lon) {
        (Some(_), None) => Err(HALF_POINT.at("/lon")),
        (None, Some(_)) => Err(HALF_POINT.at("/lat")),
        _ => Ok(lat.zip(lon)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_point_is_none() {
        assert!(point_of(Some(39.7), None).is_err() && point_of(None, Some(98.5)).is_err());
        assert_eq!(point_of(Some(39.7), Some(98.5)).expect("a point"), Some((39.7, 98.5)));
        assert_eq!(point_of(None, None).expect("none"), None);
    }
}
