//! Coordinate reference systems in well-known text: the `.prj` file of a shapefile, the definitions in a GeoPackage, in the dialect
//! of ESRI, in version 1 and in version 2.
//!
//! Sources: OGC 01-009, 7 (version 1); OGC 18-010r7 (version 2).

/// A keyword with what stands in its brackets.
#[derive(Debug, Clone, PartialEq)]
struct Node {
    keyword: String,
    items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Node(Node),
    Text(String),
    Number(f64),
    Word,
}

/// A coordinate reference system as a text describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// Name of the system.
    pub name: String,
    /// Number in the EPSG data set, when the text gives one for the whole system.
    pub epsg: Option<u32>,
    /// Name of the datum.
    pub datum: String,
    /// Half the larger axis of the ellipsoid in metres, and its inverse flattening (0 for a sphere).
    pub ellipsoid: [f64; 2],
    /// Degrees of the prime meridian east of Greenwich.
    pub prime_meridian: f64,
    /// The shift to WGS 84, when the text gives one: three or seven numbers.
    pub shift: Option<Vec<f64>>,
    /// The projection; none when coordinates are longitude and latitude.
    pub projection: Option<Projection>,
}

/// A map projection.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// Name of the method.
    pub method: String,
    /// Names and values of the parameters, in the units of the text.
    pub parameters: Vec<(String, f64)>,
    /// Metres of one unit of the coordinates.
    pub metres: f64,
}

/// Brackets inside brackets beyond this describe no coordinate reference system.
const DEEPEST: usize = 24;

impl Description {
    /// Reads a text; `None` when it is not one, or describes coordinates in other angles than degrees.
    pub fn parse(text: &str) -> Option<Description> {
        let mut parser = Parser { text: text.as_bytes(), at: 0 };
        let mut root = parser.node(0)?;
        let mut shift = None;
        // What is bound or compound holds the horizontal system among its members.
        while !is_system(&root.keyword) {
            shift = shift.or_else(|| root.child(&["ABRIDGEDTRANSFORMATION"]).and_then(abridged_shift));
            let inner = root.items.into_iter().find_map(|item| match item {
                Item::Node(node) if is_system(&node.keyword) || is_wrapper(&node.keyword) => Some(node),
                _ => None,
            })?;
            root = inner;
        }
        let projected = root.keyword.starts_with("PROJ");
        let geographic = if projected {
            root.child(&["GEOGCS", "BASEGEODCRS", "BASEGEOGCRS", "GEODCRS", "GEOGCRS"])?
        } else {
            &root
        };
        let datum = geographic.child(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?;
        let spheroid = datum.child(&["SPHEROID", "ELLIPSOID"])?;
        let axis =
            spheroid.number(0)? * spheroid.child(&["LENGTHUNIT", "UNIT"]).map_or(Some(1.0), |unit| unit.number(0))?;
        let flattening = spheroid.number(1)?;
        if !(1e6..1e7).contains(&axis) || !(flattening == 0.0 || flattening > 100.0) {
            return None;
        }
        let degree = geographic.child(&["UNIT", "ANGLEUNIT"]).map_or(Some(DEGREE), |unit| unit.number(0))?;
        if (degree / DEGREE - 1.0).abs() > 1e-6 {
            return None;
        }
        let declared = datum.child(&["TOWGS84"]).map(|node| node.numbers().collect::<Vec<f64>>());
        Some(Description {
            name: root.text()?.to_owned(),
            epsg: root.child(&["AUTHORITY", "ID"]).and_then(epsg),
            datum: datum.text()?.to_owned(),
            ellipsoid: [axis, flattening],
            prime_meridian: geographic.child(&["PRIMEM", "PRIMEMERIDIAN"]).map_or(Some(0.0), |node| node.number(0))?,
            shift: declared.or(shift).filter(|shift| matches!(shift.len(), 3 | 7)),
            projection: if projected { Some(projection(&root)?) } else { None },
        })
    }
}

const DEGREE: f64 = std::f64::consts::PI / 180.0;

fn is_system(keyword: &str) -> bool {
    matches!(
        keyword,
        "GEOGCS" | "GEODCRS" | "GEOGCRS" | "GEODETICCRS" | "GEOGRAPHICCRS" | "PROJCS" | "PROJCRS" | "PROJECTEDCRS"
    )
}

fn is_wrapper(keyword: &str) -> bool {
    matches!(keyword, "COMPD_CS" | "COMPOUNDCRS" | "BOUNDCRS" | "SOURCECRS")
}

fn epsg(node: &Node) -> Option<u32> {
    if !node.text()?.eq_ignore_ascii_case("epsg") {
        return None;
    }
    node.items.iter().skip(1).find_map(|item| match item {
        Item::Text(text) => text.parse().ok(),
        Item::Number(number) if number.fract() == 0.0 && (1.0..1e9).contains(number) => Some(*number as u32),
        _ => None,
    })
}

/// A shift of three parameters in metres; rotations come in too many conventions to be guessed.
fn abridged_shift(node: &Node) -> Option<Vec<f64>> {
    let values: Vec<f64> = node.children("PARAMETER").filter_map(|parameter| parameter.number(0)).collect();
    (values.len() == 3).then_some(values)
}

fn projection(root: &Node) -> Option<Projection> {
    let conversion = root.child(&["CONVERSION"]);
    let method = root.child(&["PROJECTION"]).or_else(|| conversion?.child(&["METHOD", "PROJECTION"]))?;
    let parameters = conversion
        .unwrap_or(root)
        .children("PARAMETER")
        .map(|parameter| Some((parameter.text()?.to_owned(), parameter.number(0)?)))
        .collect::<Option<_>>()?;
    let unit = root.child(&["UNIT", "LENGTHUNIT"]);
    // Version 2 may give the unit with the axes.
    let unit = unit.or_else(|| root.child(&["AXIS"])?.child(&["LENGTHUNIT", "UNIT"]));
    let metres = unit.map_or(Some(1.0), |unit| unit.number(0))?;
    (metres.is_finite() && metres > 0.0).then(|| Projection {
        method: method.text().unwrap_or_default().to_owned(),
        parameters,
        metres,
    })
}

impl Node {
    fn child(&self, keywords: &[&str]) -> Option<&Node> {
        self.items.iter().find_map(|item| match item {
            Item::Node(node) if keywords.contains(&node.keyword.as_str()) => Some(node),
            _ => None,
        })
    }

    fn children<'a>(&'a self, keyword: &'a str) -> impl Iterator<Item = &'a Node> {
        self.items.iter().filter_map(move |item| match item {
            Item::Node(node) if node.keyword == keyword => Some(node),
            _ => None,
        })
    }

    fn text(&self) -> Option<&str> {
        match self.items.first()? {
            Item::Text(text) => Some(text),
            _ => None,
        }
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.items.iter().filter_map(|item| match item {
            Item::Number(number) => Some(*number),
            _ => None,
        })
    }

    fn number(&self, position: usize) -> Option<f64> {
        self.numbers().nth(position)
    }
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn blank(&mut self) {
        while self.text.get(self.at).is_some_and(|byte| byte.is_ascii_whitespace() || !byte.is_ascii()) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.blank();
        self.text.get(self.at).copied()
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self.text.get(self.at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.text[start..self.at]).to_ascii_uppercase()
    }

    fn node(&mut self, depth: usize) -> Option<Node> {
        self.blank();
        let keyword = self.word();
        if keyword.is_empty() || depth > DEEPEST || !matches!(self.peek()?, b'[' | b'(') {
            return None;
        }
        self.at += 1;
        let mut items = Vec::new();
        loop {
            match self.peek()? {
                b']' | b')' => {
                    self.at += 1;
                    return Some(Node { keyword, items });
                }
                b',' => self.at += 1,
                b'"' => items.push(Item::Text(self.quoted()?)),
                b'+' | b'-' | b'.' | b'0'..=b'9' => items.push(Item::Number(self.number()?)),
                byte if byte.is_ascii_alphabetic() => {
                    let start = self.at;
                    self.word();
                    if matches!(self.peek()?, b'[' | b'(') {
                        self.at = start;
                        items.push(Item::Node(self.node(depth + 1)?));
                    } else {
                        items.push(Item::Word);
                    }
                }
                _ => return None,
            }
        }
    }

    /// A text in quotes; a quote in it is doubled.
    fn quoted(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        self.at += 1;
        loop {
            match self.text.get(self.at)? {
                b'"' if self.text.get(self.at + 1) == Some(&b'"') => {
                    bytes.push(b'"');
                    self.at += 2;
                }
                b'"' => {
                    self.at += 1;
                    return Some(String::from_utf8_lossy(&bytes).into_owned());
                }
                byte => {
                    bytes.push(*byte);
                    self.at += 1;
                }
            }
        }
    }

    fn number(&mut self) -> Option<f64> {
        let start = self.at;
        while self.text.get(self.at).is_some_and(|b| matches!(b, b'+' | b'-' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let number: f64 = std::str::from_utf8(&self.text[start..self.at]).ok()?.parse().ok()?;
        number.is_finite().then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_dialects_describe_the_same_system() {
        // Written by pyproj 3.7.2, CRS.from_epsg(31983).to_wkt(version), shortened.
        let esri = r#"PROJCS["SIRGAS_2000_UTM_Zone_23S",GEOGCS["GCS_SIRGAS_2000",DATUM["D_SIRGAS_2000",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",10000000.0],PARAMETER["Central_Meridian",-45.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
        let one = r#"PROJCS["SIRGAS 2000 / UTM zone 23S",GEOGCS["SIRGAS 2000",DATUM["Sistema_de_Referencia_Geocentrico_para_las_AmericaS_2000",SPHEROID["GRS 1980",6378137,298.257222101,AUTHORITY["EPSG","7019"]],AUTHORITY["EPSG","6674"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4674"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",-45],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",10000000],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","31983"]]"#;
        let two = r#"PROJCRS["SIRGAS 2000 / UTM zone 23S",BASEGEOGCRS["SIRGAS 2000",DATUM["Sistema de Referencia Geocentrico para las AmericaS 2000",ELLIPSOID["GRS 1980",6378137,298.257222101,LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4674]],CONVERSION["UTM zone 23S",METHOD["Transverse Mercator",ID["EPSG",9807]],PARAMETER["Latitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8801]],PARAMETER["Longitude of natural origin",-45,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8802]],PARAMETER["Scale factor at natural origin",0.9996,SCALEUNIT["unity",1],ID["EPSG",8805]],PARAMETER["False easting",500000,LENGTHUNIT["metre",1],ID["EPSG",8806]],PARAMETER["False northing",10000000,LENGTHUNIT["metre",1],ID["EPSG",8807]]],CS[Cartesian,2],AXIS["(E)",east,ORDER[1],LENGTHUNIT["metre",1]],AXIS["(N)",north,ORDER[2],LENGTHUNIT["metre",1]],ID["EPSG",31983]]"#;
        let [esri, one, two] = [esri, one, two].map(|text| Description::parse(text).unwrap());
        assert_eq!([esri.epsg, one.epsg, two.epsg], [None, Some(31983), Some(31983)]);
        for description in [&esri, &one, &two] {
            assert_eq!(description.ellipsoid, [6_378_137.0, 298.257_222_101]);
            let mut values: Vec<f64> =
                description.projection.as_ref().unwrap().parameters.iter().map(|p| p.1).collect();
            values.sort_by(f64::total_cmp);
            assert_eq!(values, [-45.0, 0.0, 0.9996, 500_000.0, 10_000_000.0]);
            assert_eq!(description.projection.as_ref().unwrap().metres, 1.0);
        }
        assert_eq!(esri.datum, "D_SIRGAS_2000");
    }

    #[test]
    fn what_is_no_reference_system_is_none() {
        for text in
            ["", "[", "GEOGCS", "GEOGCS[", "GEOGCS[\"x\"]", "GEOGCS[\"x\",DATUM[\"y\"]]", "LOCAL_CS[\"x\"]", "\u{e9}["]
        {
            assert_eq!(Description::parse(text), None, "{text}");
        }
        assert_eq!(Description::parse(&"COMPD_CS[".repeat(100_000)), None);
        let gons = r#"GEOGCS["x",DATUM["d",SPHEROID["s",6378137,298.25]],PRIMEM["p",0],UNIT["grad",0.01570796]]"#;
        assert_eq!(Description::parse(gons), None, "other angles than degrees are not guessed");
    }
}
