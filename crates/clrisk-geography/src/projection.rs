//! Coordinates brought to longitude and latitude on WGS 84.
//!
//! A system is named by its number in the EPSG data set, by well-known text, or by a definition of PROJ. Systems and datum shifts
//! of Latin America and the Caribbean are tables in this crate (`projection/*.csv`, made by `checks/geography/reference_systems.py`
//! from the EPSG data set); the formulas of the projections are those of the `proj4rs` crate.
//!
//! Datums on a modern ellipsoid (SIRGAS 2000, ITRF, NAD 83, MAGNA ...) are taken as WGS 84, from which they differ by two metres
//! at most. Older ones (PSAD 56, SAD 69, NAD 27 ...) are moved by the three-parameter shift of the smallest area of use around the
//! middle of the map; the accuracy that the EPSG data set gives for it is reported.
//!
//! Checked against: PROJ 9 through pyproj, `tests/reference/geography` (`projections.csv`).

use std::collections::HashMap;
use std::sync::LazyLock;

use proj4rs::Proj;

use crate::error::GeographyError;
use crate::layer::{Layer, Reference};
use crate::well_known_text::Description;

/// What was done to the coordinates of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Reprojection {
    /// The system the coordinates were in.
    pub from: String,
    /// What became of its datum.
    pub datum: DatumShift,
}

/// How a datum was brought to WGS 84.
#[derive(Debug, Clone, PartialEq)]
pub enum DatumShift {
    /// It is WGS 84, or within two metres of it.
    None,
    /// By a mean shift that is good to so many metres.
    Mean {
        /// The datum.
        datum: String,
        /// Accuracy in metres.
        accuracy: f64,
    },
    /// By the shift that the file itself, or the setting, gives.
    Given,
    /// No shift is known: the map may be some hundred metres off.
    Unknown {
        /// The datum.
        datum: String,
    },
}

/// A coordinate reference system, ready for use.
#[derive(Debug, Clone, PartialEq)]
struct System {
    name: String,
    /// Definition in the language of PROJ, without a datum shift.
    definition: String,
    datum: String,
    modern: bool,
    shift: Option<String>,
}

/// Understands the usual spellings: `EPSG:32615`, `urn:ogc:def:crs:EPSG::32615`, `urn:ogc:def:crs:OGC:1.3:CRS84`, `+proj=...`.
pub(crate) fn named(name: &str) -> Reference {
    let name = name.trim();
    if name.starts_with('+') {
        return Reference::Named(name.to_owned());
    }
    if is_well_known_text(name) {
        return Reference::Text(name.to_owned());
    }
    let lower = name.to_ascii_lowercase();
    if lower.ends_with("crs84") || lower == "wgs84" || lower == "wgs 84" {
        return Reference::Epsg(4326);
    }
    let code = lower.rsplit([':', '/', '#']).next().and_then(|code| code.parse().ok());
    match code {
        Some(code) if lower.contains("epsg") || lower.bytes().all(|byte| byte.is_ascii_digit()) => {
            Reference::Epsg(code)
        }
        _ => Reference::Named(name.to_owned()),
    }
}

fn is_well_known_text(text: &str) -> bool {
    let keyword = text.split(['[', '(']).next().unwrap_or_default();
    keyword.len() < text.len() && !keyword.is_empty() && keyword.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Brings the coordinates of a layer from `reference` to WGS 84; none when they are there already.
///
/// # Errors
/// [`GeographyError::UnknownReferenceSystem`]; [`GeographyError::NotLongitudeLatitude`] when coordinates lie where the projection
/// has no inverse.
pub(crate) fn to_wgs84(layer: &mut Layer, reference: &Reference) -> Result<Option<Reprojection>, GeographyError> {
    let system = System::resolve(reference)?;
    let moves = ["+towgs84", "+pm", "+datum", "+nadgrids"].iter().any(|part| system.definition.contains(part));
    if system.definition.starts_with("+proj=longlat") && system.modern && system.shift.is_none() && !moves {
        return Ok(None);
    }
    let unknown = || GeographyError::UnknownReferenceSystem { name: system.name.clone() };
    let plain = Transformation::new(&system.definition, None).ok_or_else(unknown)?;
    let corners = extent(layer).ok_or(GeographyError::NoPolygons)?;
    let corners = plain.extent(corners).ok_or(GeographyError::NotLongitudeLatitude)?;
    let (shift, datum) = match &system.shift {
        Some(shift) => (Some(shift.clone()), DatumShift::Given),
        None if system.definition.contains("+towgs84") => (None, DatumShift::Given),
        None if system.modern => (None, DatumShift::None),
        None => match mean_shift(&system.datum, corners) {
            Some((shift, accuracy)) => (Some(shift), DatumShift::Mean { datum: system.datum.clone(), accuracy }),
            None => (None, DatumShift::Unknown { datum: system.datum.clone() }),
        },
    };
    let transformation = match &shift {
        Some(shift) => Transformation::new(&system.definition, Some(shift)).ok_or_else(unknown)?,
        None => plain,
    };
    for ring in layer.rings_mut() {
        transformation.apply(ring).ok_or(GeographyError::NotLongitudeLatitude)?;
    }
    Ok(Some(Reprojection { from: system.name, datum }))
}

/// Left, bottom, right and top of all finite coordinates.
fn extent(layer: &mut Layer) -> Option<[f64; 4]> {
    let mut extent: Option<[f64; 4]> = None;
    for &[x, y] in layer.rings_mut().flat_map(|ring| ring.iter()).filter(|[x, y]| x.is_finite() && y.is_finite()) {
        let [left, bottom, right, top] = extent.unwrap_or([x, y, x, y]);
        extent = Some([left.min(x), bottom.min(y), right.max(x), top.max(y)]);
    }
    extent
}

/// From one definition to longitude and latitude in degrees.
struct Transformation {
    from: Proj,
    to: Proj,
    degrees: bool,
}

impl Transformation {
    fn new(definition: &str, shift: Option<&str>) -> Option<Transformation> {
        let shift = shift.map_or(String::new(), |shift| format!(" +towgs84={shift}"));
        // The library knows the sign of degrees and yet cuts it in the middle, as it does any letter of more than one byte.
        let definition = format!("{definition}{shift} +no_defs").replace('°', "d");
        let from = Proj::from_proj_string(Some(definition).filter(|text| text.is_ascii())?.as_str()).ok()?;
        let to = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").ok()?;
        let degrees = from.is_latlong();
        from.has_inverse().then_some(Transformation { from, to, degrees })
    }

    fn apply(&self, points: &mut [[f64; 2]]) -> Option<()> {
        let mut pairs: Vec<(f64, f64)> =
            points.iter().map(|&[x, y]| if self.degrees { (x.to_radians(), y.to_radians()) } else { (x, y) }).collect();
        proj4rs::transform::transform(&self.from, &self.to, pairs.as_mut_slice()).ok()?;
        for (point, (x, y)) in points.iter_mut().zip(pairs) {
            *point = [x.to_degrees(), y.to_degrees()];
        }
        Some(())
    }

    /// The longitudes and latitudes that the corners of an extent span.
    fn extent(&self, [left, bottom, right, top]: [f64; 4]) -> Option<[f64; 4]> {
        let mut corners = [[left, bottom], [left, top], [right, bottom], [right, top]];
        self.apply(&mut corners)?;
        let axis = |axis: usize| corners.iter().map(move |corner| corner[axis]);
        let (least, most) =
            (|at| axis(at).fold(f64::INFINITY, f64::min), |at| axis(at).fold(f64::NEG_INFINITY, f64::max));
        Some([least(0), least(1), most(0), most(1)])
    }
}

struct Shift {
    names: [String; 2],
    /// West, south, east, north of the area of use.
    area: [f64; 4],
    shift: [f64; 3],
    accuracy: f64,
}

/// Rows of one of the tables: no field of them holds a line break, and a comma only within quotes.
fn table(text: &'static str) -> impl Iterator<Item = Vec<String>> {
    text.lines().skip(1).map(|line| {
        let mut fields = vec![String::new()];
        let mut quoted = false;
        for character in line.chars() {
            match character {
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(String::new()),
                other => fields.last_mut().into_iter().for_each(|field| field.push(other)),
            }
        }
        fields
    })
}

static SYSTEMS: LazyLock<HashMap<u32, [String; 3]>> = LazyLock::new(|| {
    table(include_str!("projection/systems.csv"))
        .filter_map(|row| {
            let [code, name, definition, datum] = <[String; 4]>::try_from(row).ok()?;
            Some((code.parse().ok()?, [name, definition, datum]))
        })
        .collect()
});

static SHIFTS: LazyLock<Vec<Shift>> = LazyLock::new(|| {
    table(include_str!("projection/shifts.csv"))
        .filter_map(|row| {
            let number = |at: usize| row.get(at)?.parse::<f64>().ok();
            Some(Shift {
                names: [row.first()?.clone(), row.get(1)?.clone()],
                area: [number(2)?, number(3)?, number(4)?, number(5)?],
                shift: [number(6)?, number(7)?, number(8)?],
                accuracy: number(9)?,
            })
        })
        .collect()
});

/// The shift of the smallest area of use that holds the middle of the map and is not a mere spot in it.
fn mean_shift(datum: &str, [west, south, east, north]: [f64; 4]) -> Option<(String, f64)> {
    let (x, y) = ((west + east) / 2.0, (south + north) / 2.0);
    let size = |[west, south, east, north]: [f64; 4]| (east - west) * (north - south);
    let spot = size([west, south, east, north]) / 4.0;
    let wanted = plain_name(datum);
    SHIFTS
        .iter()
        .filter(|row| row.names.iter().any(|name| plain_name(name) == wanted))
        .filter(|row| row.area[0] <= x && x <= row.area[2] && row.area[1] <= y && y <= row.area[3])
        .filter(|row| size(row.area) >= spot)
        .min_by(|a, b| {
            (size(a.area), a.accuracy).partial_cmp(&(size(b.area), b.accuracy)).unwrap_or(std::cmp::Ordering::Equal)
        })
        .map(|row| (row.shift.map(|number| number.to_string()).join(","), row.accuracy))
}

/// Letters and digits of a name of a datum, without the `D_` of ESRI.
fn plain_name(name: &str) -> String {
    let name = name.strip_prefix("D_").unwrap_or(name);
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_modern([axis, flattening]: [f64; 2]) -> bool {
    (axis - 6_378_137.0).abs() < 0.5 && (flattening == 0.0 || (flattening - 298.2572).abs() < 0.001)
}

impl System {
    fn resolve(reference: &Reference) -> Result<System, GeographyError> {
        let unknown = |name: &str| GeographyError::UnknownReferenceSystem { name: name.chars().take(80).collect() };
        match reference {
            Reference::Epsg(code) => System::of_code(*code).ok_or_else(|| unknown(&format!("EPSG:{code}"))),
            Reference::Text(text) => {
                let description = Description::parse(text).ok_or_else(|| unknown("WKT"))?;
                let coded = description.epsg.and_then(System::of_code);
                coded.or_else(|| System::of_description(&description)).ok_or_else(|| unknown(&description.name))
            }
            Reference::Named(name) if name.starts_with('+') => {
                // Whoever writes a definition says in it what is to become of the datum.
                Ok(System {
                    name: name.clone(),
                    definition: name.clone(),
                    datum: String::new(),
                    modern: true,
                    shift: None,
                })
            }
            Reference::Named(name) => Err(unknown(name)),
        }
    }

    fn of_code(code: u32) -> Option<System> {
        let [name, definition, datum] = SYSTEMS.get(&code)?.clone();
        let value = |key: &str| -> Option<f64> {
            definition.split_whitespace().find_map(|part| part.strip_prefix(key))?.parse().ok()
        };
        let modern = is_modern([value("+a=")?, value("+rf=").unwrap_or(0.0)]);
        Some(System { name: format!("{name} (EPSG:{code})"), definition, datum, modern, shift: None })
    }

    fn of_description(description: &Description) -> Option<System> {
        let [axis, flattening] = description.ellipsoid;
        let ellipsoid = match flattening {
            0.0 => format!("+a={axis} +b={axis}"),
            _ => format!("+a={axis} +rf={flattening}"),
        };
        let mut definition = match &description.projection {
            None => "+proj=longlat".to_owned(),
            Some(projection) => method(projection)?,
        };
        // The sphere of web maps is drawn with the coordinates of the ellipsoid.
        let web = definition.starts_with("+proj=merc +b=");
        if !web {
            definition.push(' ');
            definition.push_str(&ellipsoid);
        }
        if description.prime_meridian != 0.0 {
            definition.push_str(&format!(" +pm={}", description.prime_meridian));
        }
        let shift = description.shift.as_ref().filter(|shift| shift.iter().any(|number| *number != 0.0));
        Some(System {
            name: description.name.clone(),
            definition,
            datum: description.datum.clone(),
            modern: is_modern(description.ellipsoid),
            shift: shift.map(|shift| shift.iter().map(f64::to_string).collect::<Vec<_>>().join(",")),
        })
    }
}

/// The definition of a projection in the language of PROJ; none when its method is not known.
fn method(projection: &crate::well_known_text::Projection) -> Option<String> {
    let parameters: HashMap<String, f64> =
        projection.parameters.iter().map(|(name, value)| (plain_name(name), *value)).collect();
    let value = |names: &[&str]| names.iter().find_map(|name| parameters.get(*name)).copied();
    let latitude = value(&[
        "latitudeoforigin",
        "latitudeofnaturalorigin",
        "latitudeoffalseorigin",
        "latitudeofcenter",
        "latitudeofcentre",
        "latitudeofprojectioncentre",
    ]);
    let first = value(&["standardparallel1", "latitudeof1ststandardparallel"]);
    let second = value(&["standardparallel2", "latitudeof2ndstandardparallel"]);
    let longitude = value(&[
        "centralmeridian",
        "longitudeofnaturalorigin",
        "longitudeoffalseorigin",
        "longitudeoforigin",
        "longitudeofcenter",
        "longitudeofcentre",
    ]);
    let scale = value(&["scalefactor", "scalefactoratnaturalorigin"]);
    let east = value(&["falseeasting", "eastingatfalseorigin"]).unwrap_or(0.0) * projection.metres;
    let north = value(&["falsenorthing", "northingatfalseorigin"]).unwrap_or(0.0) * projection.metres;
    let lat_0 = latitude.unwrap_or(0.0);
    let own = match plain_name(&projection.method).as_str() {
        "transversemercator" | "gausskruger" | "transversemercatorcomplex" => format!("+proj=tmerc +lat_0={lat_0}"),
        "lambertconformalconic"
        | "lambertconformalconic1sp"
        | "lambertconformalconic2sp"
        | "lambertconicconformal1sp"
        | "lambertconicconformal2sp" => {
            let first = first.or(latitude)?;
            let second = second.unwrap_or(first);
            format!("+proj=lcc +lat_1={first} +lat_2={second} +lat_0={}", latitude.unwrap_or(first))
        }
        "albers" | "albersconicequalarea" | "albersequalarea" => {
            let first = first?;
            format!("+proj=aea +lat_1={first} +lat_2={} +lat_0={lat_0}", second.unwrap_or(first))
        }
        "mercator" | "mercator1sp" | "mercator2sp" | "mercatorvarianta" | "mercatorvariantb" => match first {
            Some(first) => format!("+proj=merc +lat_ts={first}"),
            None => "+proj=merc".to_owned(),
        },
        "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" => {
            "+proj=merc +b=6378137 +a=6378137".to_owned()
        }
        "lambertazimuthalequalarea" => format!("+proj=laea +lat_0={lat_0}"),
        "polyconic" | "americanpolyconic" => format!("+proj=poly +lat_0={lat_0}"),
        "cylindricalequalarea" | "lambertcylindricalequalarea" => format!("+proj=cea +lat_ts={}", first.unwrap_or(0.0)),
        "equirectangular" | "equidistantcylindrical" | "platecarree" => {
            format!("+proj=eqc +lat_ts={} +lat_0={lat_0}", first.unwrap_or(0.0))
        }
        "sinusoidal" => "+proj=sinu".to_owned(),
        "cassini" | "cassinisoldner" => format!("+proj=cass +lat_0={lat_0}"),
        "doublestereographic" | "obliquestereographic" => format!("+proj=sterea +lat_0={lat_0}"),
        _ => return None,
    };
    let scale = scale.map_or(String::new(), |scale| format!(" +k_0={scale}"));
    let metres = projection.metres;
    Some(format!("{own} +lon_0={}{scale} +x_0={east} +y_0={north} +to_meter={metres}", longitude.unwrap_or(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_systems_are_understood_in_their_usual_spellings() {
        for name in ["EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "CRS84", "4326"] {
            assert_eq!(named(name), Reference::Epsg(4326), "{name}");
        }
        assert_eq!(named("http://www.opengis.net/def/crs/EPSG/0/31983"), Reference::Epsg(31983));
        assert_eq!(named("+proj=utm +zone=15"), Reference::Named("+proj=utm +zone=15".to_owned()));
        assert_eq!(named("Local 7"), Reference::Named("Local 7".to_owned()));
        assert!(matches!(named("GEOGCS[\"x\"]"), Reference::Text(_)));
    }

    #[test]
    fn degrees_may_have_their_sign_and_other_letters_are_refused() {
        let place = |definition: &str| {
            let mut point = [[100_000.0, 200_000.0]];
            Transformation::new(definition, None).map(|transformation| transformation.apply(&mut point).map(|()| point))
        };
        let plain = place("+proj=tmerc +lat_0=4.5 +lon_0=-74.25 +ellps=GRS80");
        assert!(plain.is_some_and(|point| point.is_some()));
        assert_eq!(place("+proj=tmerc +lat_0=4°30' +lon_0=-74°15' +ellps=GRS80"), plain);
        assert!(Transformation::new("+proj=utm +zone=15 +lat_0=\u{406}'", None).is_none());
    }

    #[test]
    fn every_system_of_the_table_can_be_used_and_old_datums_have_a_shift_or_say_so() {
        assert!(SYSTEMS.len() > 400 && SHIFTS.len() > 100);
        for (code, [name, definition, _]) in SYSTEMS.iter() {
            assert!(Transformation::new(definition, None).is_some(), "{code} {name}");
            assert!(System::of_code(*code).is_some(), "{code} {name}");
        }
    }

    #[test]
    fn the_shift_is_that_of_the_country_in_the_middle_of_the_map() {
        // EPSG: NAD27 to WGS 84 (2) for Central America, (18) for Mexico.
        let guatemala = mean_shift("D_North_American_1927", [-92.3, 13.7, -88.2, 17.8]).unwrap();
        assert_eq!(guatemala, ("0,125,194".to_owned(), 10.0));
        let mexico = mean_shift("North American Datum 1927", [-118.0, 14.5, -86.7, 32.7]).unwrap();
        assert_eq!(mexico, ("-12,130,190".to_owned(), 12.0));
        assert_eq!(mean_shift("D_North_American_1927", [10.0, 40.0, 12.0, 42.0]), None);
    }
}
