//! 星级徽章 as SVG: plain text, every name escaped, no script, no font and no link.

/// A confirmed star and the quarter that it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rated {
    pub star: i16,
    pub year: i32,
    pub quarter: i16,
}

/// What of a name stands on the badge.
const SHOWN: usize = 14;
const RED: &str = "#c8102e";
const GREY: &str = "#767676";

/// The badge of a compound; a grey one where it was never rated.
pub fn draw(name: &str, rated: Option<Rated>) -> String {
    let star = rated.map_or(0, |rated| rated.star);
    let stars: String = (0..5).map(|at| if at < star { '★' } else { '☆' }).collect();
    let (line, title, colour) = match rated {
        Some(Rated { star, year, quarter }) => (
            format!("{year}年第{quarter}季度"),
            format!("{name} {year}年第{quarter}季度 红色物业{star}星 · {star} stars, {year} Q{quarter}"),
            RED,
        ),
        None => ("未评定".to_owned(), format!("{name} 未评定 · Not rated"), GREY),
    };
    let (title, name, line) = (escaped(&title), escaped(&shortened(name)), escaped(&line));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" height=\"64\" viewBox=\"0 0 240 64\" role=\"img\" \
         aria-labelledby=\"t\"><title id=\"t\">{title}</title>\
         <rect width=\"240\" height=\"64\" rx=\"6\" fill=\"{colour}\"/>\
         <g fill=\"#fff\" font-family=\"sans-serif\" text-anchor=\"middle\">\
         <text x=\"120\" y=\"20\" font-size=\"13\">{name}</text>\
         <text x=\"120\" y=\"40\" font-size=\"17\">{stars}</text>\
         <text x=\"120\" y=\"57\" font-size=\"11\">{line}</text></g></svg>"
    )
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= SHOWN {
        return name.to_owned();
    }
    let head: String = name.chars().take(SHOWN - 1).collect();
    format!("{head}…")
}

/// Names are anybody's words: nothing in them ends the text or begins a tag, and what XML cannot hold goes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            char if char.is_control() || matches!(char, '\u{fffe}' | '\u{ffff}') => {}
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_says_the_star_the_quarter_and_of_what() {
        let svg = draw("康盛花园", Some(Rated { star: 4, year: 2023, quarter: 4 }));
        assert!(svg.contains(">★★★★☆<") && svg.contains(">2023年第4季度<") && svg.contains(">康盛花园<"), "{svg}");
        assert!(svg.contains("<title id=\"t\">康盛花园 2023年第4季度 红色物业4星 · 4 stars, 2023 Q4</title>"), "{svg}");
        let none = draw("康盛花园", None);
        assert!(none.contains(">☆☆☆☆☆<") && none.contains(">未评定<") && none.contains(GREY), "{none}");
        assert!(draw("一二三四五六七八九十一二三四五", None).contains(">一二三四五六七八九十一二三…<"));
    }

    #[test]
    fn a_name_is_no_markup() {
        let svg = draw("<script>alert('1')</script>\u{1}&\"", Some(Rated { star: 0, year: 2023, quarter: 1 }));
        assert!(!svg.contains("<script") && !svg.contains('\u{1}') && svg.contains("&lt;script&gt;alert(&#39;1&#39;)"));
    }

    proptest! {
        /// As many tags as without a name, whatever it is.
        #[test]
        fn whatever_the_name_the_picture_is_the_same(name in "\\PC{0,40}", star in 0i16..=5) {
            let rated = Some(Rated { star, year: 2023, quarter: 4 });
            let (svg, plain) = (draw(&name, rated), draw("", rated));
            let count = |svg: &str, of: char| svg.chars().filter(|char| *char == of).count();
            prop_assert_eq!((count(&svg, '<'), count(&svg, '>')), (count(&plain, '<'), count(&plain, '>')));
            prop_assert_eq!((count(&svg, '"'), count(&svg, '\'')), (count(&plain, '"'), count(&plain, '\'')));
        }
    }
}
